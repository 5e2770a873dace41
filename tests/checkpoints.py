"""Tiny models with random weights, made on the spot: the real loading code runs on them, no figure does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WORDS = ["to'yga yengil ko'ylak", "qizil futbolka", "лёгкое платье на свадьбу", "charm sumka"]
SIDE, DIM, LENGTH = 32, 32, 64


def siglip(folder: Path, seed: int = 1) -> Path:
    """A SigLIP of 32 px pictures with a tokenizer of its own, in the files that the published one has."""
    import torch
    from transformers import SiglipConfig, SiglipImageProcessorPil, SiglipModel, SiglipProcessor

    torch.manual_seed(seed)
    tokenizer = _tokenizer()
    layers = {"hidden_size": DIM, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = {
        "vocab_size": len(tokenizer),
        "max_position_embeddings": LENGTH,
        "projection_size": DIM,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 1,
    }
    config = SiglipConfig(text_config=layers | text, vision_config=layers | {"image_size": SIDE, "patch_size": 8})
    SiglipModel(config).eval().save_pretrained(folder)
    pictures = SiglipImageProcessorPil(size={"height": SIDE, "width": SIDE})
    SiglipProcessor(image_processor=pictures, tokenizer=tokenizer).save_pretrained(folder)
    return folder


def dino(folder: Path) -> Path:
    """A DINOv2: it reads pictures and no words."""
    import torch
    from transformers import BitImageProcessorPil, Dinov2Config, Dinov2Model

    torch.manual_seed(1)
    layers = {"hidden_size": DIM, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    Dinov2Model(Dinov2Config(**layers, image_size=SIDE, patch_size=8)).eval().save_pretrained(folder)
    side = {"height": SIDE, "width": SIDE}
    BitImageProcessorPil(size=side, crop_size=side).save_pretrained(folder)
    return folder


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<pad>", "<eos>", "<unk>"]
    made.train_from_iterator(
        WORDS, trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet)
    )
    made.post_processor = processors.TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",
        eos_token="<eos>",
        unk_token="<unk>",
        model_max_length=LENGTH,
        model_input_names=["input_ids"],
    )
