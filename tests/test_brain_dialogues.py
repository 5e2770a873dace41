"""The scripted conversations, played in this process by the rule brain, pass at least as often as they did."""

from __future__ import annotations

import pytest

from tests import talk

# measured: all but one of 141 pass (L06 needs a typo forgiven). A set is a shop's own conversations.
FLOORS = {
    "dialogues.jsonl": 0.93,
    "fresh.jsonl": 0.85,
    "unseen.jsonl": 0.85,
    "nur/dialogues.jsonl": 0.9,
    "nur/heldout.jsonl": 0.9,
    "nur/fresh.jsonl": 0.85,
    "nur/unseen.jsonl": 0.8,
    "baxt/dialogues.jsonl": 0.9,
    "baxt/heldout.jsonl": 0.9,
    "baxt/fresh.jsonl": 0.85,
    "baxt/unseen.jsonl": 0.8,
    "usta/first.jsonl": 0.9,  # 44 % at the first run, 97 % since what it found was mended
    "zoo/first.jsonl": 0.85,  # 62 % at the first run, 92 % since
    "bola/first.jsonl": 0.9,  # 47 % at the first run, 97 % since
    "uy/first.jsonl": 0.85,  # 62 % at the first run, 90 % since
    "qarshi/first.jsonl": 0.9,  # 60 % at the first run, 97 % since
    "xiva/first.jsonl": 0.85,  # 47 % at the first run, 92 % since
    "atir/first.jsonl": 0.85,  # 48 % at the first run, 92 % since
    "dala/first.jsonl": 0.85,  # 57 % at the first run, 90 % since
    "kitob/first.jsonl": 0.75,  # 48 % at the first run, 80 % since
    "sport/first.jsonl": 0.95,  # 62 % at the first run, 100 % since
    "libos/first.jsonl": 0.95,  # 68 % at the first run, 100 % since
    "shirin/first.jsonl": 0.85,  # 51 % at the first run, 86 % since
    "ayol/first.jsonl": 0.9,  # 81 % at the first run, 95 % since
    "texno/first.jsonl": 0.85,  # 68 % at the first run, 86 % since
    "sumka/first.jsonl": 0.95,  # 65 % at the first run
    "avto/first.jsonl": 0.86,  # 73 % at the first run; one more waits for a word after a person was called already
    "zargar/first.jsonl": 0.9,  # 78 % at the first run
    "mebel/first.jsonl": 0.88,  # 65 % at the first run
    "quruq/first.jsonl": 0.8,  # 62 % at the first run
    "gul/first.jsonl": 0.8,  # 41 % at the first run
    "salomat/first.jsonl": 0.9,  # 59 % at the first run
    "komp/first.jsonl": 0.92,  # 65 % at the first run
    "mato/first.jsonl": 0.78,  # 54 % at the first run
    "ovchi/first.jsonl": 0.9,  # 65 % at the first run
    "musiqa/first.jsonl": 0.86,  # 76 % at the first run
    "optika/first.jsonl": 0.89,  # 78 % at the first run
    "santex/first.jsonl": 0.85,  # 73 % at the first run
    "bayram/first.jsonl": 0.8,  # 57 % at the first run
    "beshik/first.jsonl": 0.78,  # 70 % at the first run
    "kalava/first.jsonl": 0.82,  # 62 % at the first run
    "sovga/first.jsonl": 0.82,  # 65 % at the first run
    "chiroq/first.jsonl": 0.85,  # 54 % at the first run
    "forma/first.jsonl": 0.72,  # 68 % at the first run
    "pijama/first.jsonl": 0.8,  # 76 % at the first run
    "oyoq/first.jsonl": 0.9,  # 76 % at the first run
    "parda/first.jsonl": 0.9,  # 70 % at the first run
    "soat/first.jsonl": 0.88,  # 70 % at the first run
    "daftar/first.jsonl": 0.88,  # 70 % at the first run
    "pazanda/first.jsonl": 0.86,  # 78 % at the first run
    "sayohat/first.jsonl": 0.86,  # 81 % at the first run
    "hovli/first.jsonl": 0.92,  # 78 % at the first run
    "sovun/first.jsonl": 0.92,  # 73 % at the first run
    "idish/first.jsonl": 0.86,  # 78 % at the first run
    "gilam/first.jsonl": 0.84,  # 78 % at the first run
    "kimyo/first.jsonl": 0.9,  # 78 % at the first run
    "oboi/first.jsonl": 0.92,  # 89 % at the first run
    "muz/first.jsonl": 0.9,  # 65 % at the first run
    "ish/first.jsonl": 0.92,  # 81 % at the first run
    "qadoq/first.jsonl": 0.9,  # 81 % at the first run
    "choy/first.jsonl": 0.9,  # 89 % at the first run
    "milliy/first.jsonl": 0.84,  # 81 % at the first run
    "asal/first.jsonl": 0.94,  # 68 % at the first run
    "gilof/first.jsonl": 0.94,  # 76 % at the first run
    "qalpoq/first.jsonl": 0.97,  # 89 % at the first run
    "qarmoq/first.jsonl": 0.91,  # 86 % at the first run
    "rassom/first.jsonl": 0.94,  # 92 % at the first run
    "hammom/first.jsonl": 0.89,  # 81 % at the first run
    "isitgich/first.jsonl": 0.91,  # 81 % at the first run
    "osimlik/first.jsonl": 0.83,  # 84 % at the first run
    "qulf/first.jsonl": 0.81,  # 81 % at the first run
    "zapchast/first.jsonl": 0.9,  # 84 % at the first run
    "kamera/first.jsonl": 0.88,  # 76 % at the first run
    "kelin/first.jsonl": 0.9,  # 84 % at the first run
    "eshik/first.jsonl": 0.83,  # 59 % at the first run
    "palto/first.jsonl": 0.9,  # 86 % at the first run
    "bozor/first.jsonl": 0.86,  # 68 % at the first run
    "telefon/first.jsonl": 0.86,  # 70 % at the first run
    # with an author alone, 229 of 296 at the first run
    "shina/first.jsonl": 0.91,  # 73 %
    "suv/first.jsonl": 0.89,  # 68 %
    "mangal/first.jsonl": 0.97,  # 84 %
    "akvarium/first.jsonl": 0.89,  # 76 %
    "printer/first.jsonl": 0.91,  # 81 %
    "sut/first.jsonl": 0.94,  # 89 %
    "moto/first.jsonl": 0.97,  # 73 %
    "matras/first.jsonl": 0.94,  # 76 %
    # with a second reader, when sentences were heard by examples too: 245 of 296 at the first run
    "tovuq/first.jsonl": 0.89,  # 86 %
    "rozetka/first.jsonl": 0.97,  # 73 %
    "charm/first.jsonl": 0.94,  # 86 %
    "tent/first.jsonl": 0.97,  # 84 %
    "konditer/first.jsonl": 0.97,  # 84 %
    "kimono/first.jsonl": 0.97,  # 92 %
    "bosma/first.jsonl": 0.94,  # 65 %
    "tish/first.jsonl": 0.97,  # 92 %
    # with an author alone, 241 of 296 at the first run
    "ramka/first.jsonl": 0.89,  # 78 %
    "arqon/first.jsonl": 0.89,  # 81 %
    "bilard/first.jsonl": 0.81,  # 81 %
    "konserva/first.jsonl": 0.89,  # 81 %
    "dron/first.jsonl": 0.91,  # 84 %
    "ot/first.jsonl": 0.97,  # 92 %
    "nonvoy/first.jsonl": 0.86,  # 81 %
    "jalyuzi/first.jsonl": 0.89,  # 73 %
    # with a second reader, when what the sixteen before showed had been mended: 260 of 296 at the first run, as it is
    "parik/first.jsonl": 0.94,
    "tikuvm/first.jsonl": 0.91,
    "quyosh/first.jsonl": 0.78,
    "nasos/first.jsonl": 0.91,
    "tarozi/first.jsonl": 0.67,
    "meva/first.jsonl": 0.86,
    "namoz/first.jsonl": 0.83,
    "futbol/first.jsonl": 0.86,
    # short talks, most of one message: what goods are called and asked about in trades nobody had met
    "oyin/first.jsonl": 0.82,  # 57 % at the first run
    "hijob/first.jsonl": 0.82,  # 75 % at the first run
    "kofe/first.jsonl": 0.75,  # 55 % at the first run
    "salon/first.jsonl": 0.78,  # 58 % at the first run
    "velo/first.jsonl": 0.84,  # 68 % at the first run
    "ip/first.jsonl": 0.82,  # 68 % at the first run
}


# each of these is a shop of its own, and takes its seconds
_WHOLE_SHOPS = tuple(name.split("/")[0] for name in FLOORS if name.endswith("/first.jsonl"))


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        pytest.param(name, floor, marks=[pytest.mark.slow] if name.startswith(_WHOLE_SHOPS) else [])
        for name, floor in FLOORS.items()
    ],
)
async def test_conversations_pass(db_url: str, name: str, floor: float) -> None:
    ((_, score),) = await talk.play_sets(db_url, [name], [], verbose=False)
    assert not score.grave and not score.invented and not score.shapeless
    assert score.rate >= floor, score.failed
