"""The architecture, held by reading the source: who imports whom, where heavy libraries live, how long a file is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("kit", "vision", "shop", "orders", "agent", "bot", "cli")  # each may import what stands left of it
SOURCES = [*sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")), ROOT / "main.py"]
LONGEST = 400

# library -> the only places that import it. A folder ends with "/".
HOMES = {
    "aiogram": ("bot/telegram/",),
    "asyncpg": ("kit/", "*errors"),
    "redis": ("kit/", "*errors"),
    "openai": ("agent/brain_llm.py",),
    "pinecone": ("vision/index_pinecone.py",),
    "sentence_transformers": ("vision/embed_clip.py",),
    "torch": ("vision/embed_clip.py",),
    "huggingface_hub": ("vision/embed_clip.py",),
    "cv2": ("vision/",),
    "rapidocr": ("vision/",),
    "fastapi": ("bot/",),
    "starlette": ("bot/",),
    "uvicorn": ("bot/web.py", "bot/door.py"),
    "typer": ("main.py",),
    "prometheus_client": ("kit/metrics.py",),
    "httpx2": ("kit/http.py", "bot/", "cli/", "agent/voice.py", "agent/brain_llm.py"),
    "cryptography": ("kit/crypto.py",),
}
# what may be named outside the home of a store's library: its types and errors, never its pools and clients
ONLY_NAMES = re.compile(r"Record|\w*Error|\w*Violation|Connection|Pool|exceptions")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def trees() -> list[tuple[str, ast.Module]]:
    return [(name(path), ast.parse(path.read_text(), name(path))) for path in SOURCES]


TREES = trees()


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module that a tree imports, wherever the import stands, and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "relative import"
            yield node.module, node.lineno


def room_of(file: str) -> str:
    return file.split("/")[0].removesuffix(".py")


def test_imports_run_one_way() -> None:
    order = {room: place for place, room in enumerate((*ROOMS, "main"))}
    wrong = [
        f"{file}:{line} imports {module}"
        for file, tree in TREES
        for module, line in imported(tree)
        if (there := module.split(".")[0]) in order and order[there] > order[room_of(file)]
    ]
    assert wrong == []


def test_heavy_libraries_stay_at_home() -> None:
    wrong = [
        f"{file}:{line} imports {module}; home of it: {', '.join(homes)}"
        for file, tree in TREES
        for module, line in imported(tree)
        if (homes := HOMES.get(module.split(".")[0])) and not any(file.startswith(home) for home in homes)
        if not ("*errors" in homes and _names_alone(tree, module.split(".")[0]))
    ]
    assert wrong == []


def _names_alone(tree: ast.Module, library: str) -> bool:
    """Whether a file uses nothing of `library` but names of types and errors."""
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == library
    }
    used |= {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == library
        for alias in node.names
    }
    return all(ONLY_NAMES.fullmatch(word) for word in used)


def test_receipts_and_the_shops_card_reach_no_provider() -> None:
    """Nothing that reads receipts or opens the card can reach a client of a provider, whatever it imports."""
    graph = {file: {module for module, _ in imported(tree)} for file, tree in TREES}
    files = {file.removesuffix(".py").removesuffix("/__init__").replace("/", "."): file for file in graph}

    def reach(start: str) -> set[str]:
        seen, todo = set(), [start]
        while todo:
            file = todo.pop()
            for module in graph[file]:
                if module not in seen:
                    seen.add(module)
                    todo += [files[part] for part in (module, module.rpartition(".")[0]) if part in files]
        return seen

    private = [file for file in graph if file.startswith(("vision/receipt", "vision/ocr", "orders/"))]
    assert private
    for file in private:
        assert not {module.split(".")[0] for module in reach(file)} & {"openai", "httpx2", "pinecone", "requests"}, file


@pytest.mark.parametrize("path", [*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")], ids=name)
def test_no_file_is_longer_than_the_cap(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


def test_every_module_says_what_it_is() -> None:
    assert [file for file, tree in TREES if not ast.get_docstring(tree)] == []


def test_only_one_place_starts_tasks() -> None:
    """`asyncio.create_task`, `ensure_future` and the like elsewhere would make tasks that nobody keeps or logs."""
    wrong = [
        f"{file}:{node.lineno}"
        for file, tree in TREES
        if file != "kit/tasks.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"create_task", "ensure_future"}
    ]
    assert wrong == []


def test_broad_excepts_stand_at_the_edges_alone() -> None:
    edges = (
        "bot/inbox/",
        "bot/deliver.py",
        "kit/crew.py",
        "kit/batched.py",  # hands it to whoever asked
        "cli/edge.py",
        "cli/doctor",
        "vision/ocr",
        "vision/child",
        "bot/cron",
    )
    wrong = [
        f"{file}:{node.lineno}"
        for file, tree in TREES
        if not file.startswith(edges)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and not _raises_again(node)
    ]
    assert wrong == []


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


# ---- SQL: every statement about a shop's table says which shop -------------------------------------------------------

_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)")
_STATEMENT = re.compile(r"^\s*(?:--.*\n\s*)*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b")
REFERENCE = {"schema_migrations", "cron", "workers", "receipt_seen"}


def shop_tables() -> set[str]:
    text = "\n".join(path.read_text() for path in (ROOT / "migrations").glob("*.sql"))
    return set(_TABLE.findall(text)) - REFERENCE


def strings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every string of a file; those of an f-string come with a blank where something is put in."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield (
                "".join(str(part.value) if isinstance(part, ast.Constant) else " _ " for part in node.values),
                node.lineno,
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value, node.lineno


def test_every_statement_names_its_shop() -> None:
    """Or says `-- all shops`: counts for the host, which no shopper and no staff member sees."""
    tables = re.compile(rf"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:{'|'.join(sorted(shop_tables()))})\b")
    wrong = [
        f"{file}:{line}: {' '.join(text.split())[:80]}"
        for file, tree in TREES
        for text, line in strings(tree)
        if _STATEMENT.match(text) and tables.search(text) and "shop_id" not in text and "-- all shops" not in text
    ]
    assert wrong == []


def test_every_shop_table_leads_with_the_shop() -> None:
    text = "\n".join(path.read_text() for path in sorted((ROOT / "migrations").glob("*.sql")))
    for table, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n?\)(?: WITH[^;]*)?;", text, re.DOTALL):
        if table not in REFERENCE:
            keys = re.findall(r"(?:PRIMARY KEY|UNIQUE) \((\w+)", body)
            assert keys == ["shop_id"] * len(keys) and (keys or "shop_id text PRIMARY KEY" in body), table
    for index in re.findall(r"CREATE UNIQUE INDEX \w+ ON (\w+) \((\w+)", text):
        assert index[1] == "shop_id" or index[0] in REFERENCE, index


# ---- importing does nothing, and the command line is light -----------------------------------------------------------

_IMPORT_ALL = """
import builtins, importlib, os, socket, subprocess, sys
def refused(*args, **kwargs):
    raise SystemExit(f"importing did something: {args[:2]}")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refused
importlib.import_module("asyncio"), importlib.import_module("numpy")
for module in sys.argv[1:]:
    before = set(os.listdir("."))
    subprocess.Popen.__init__ = refused
    importlib.import_module(module)
    assert set(os.listdir(".")) == before, f"{module} wrote a file"
print(len(sys.argv) - 1)
"""


@pytest.mark.slow
def test_importing_a_module_does_nothing(tmp_path: Path) -> None:
    modules = [name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in SOURCES]
    modules = [module for module in modules if module not in {"kit.embedded.launch"}]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _IMPORT_ALL, *modules],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split()[-1:] == [str(len(modules))], done.stderr[-2000:]


HEAVY = ("aiogram", "openai", "matplotlib", "cv2", "fastapi", "asyncpg", "numpy", "structlog")


@pytest.mark.parametrize("arguments", [["--help"], ["doctor", "--help"], ["run", "--help"]])
def test_help_is_light(arguments: list[str]) -> None:
    code = (
        "import sys, runpy\n"
        f"sys.argv = ['main.py', *{arguments!r}]\n"
        "try:\n    runpy.run_path('main.py', run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stdout[-500:] + done.stderr[-500:]
