"""Makes the smallest language model that the scripts of Hugging Face take: bytes as tokens, two layers, weights by the job's seed."""

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

END = "<|end|>"
words = [*sorted(pre_tokenizers.ByteLevel.alphabet()), END]
bytes_as_tokens = Tokenizer(models.BPE(vocab={word: index for index, word in enumerate(words)}, merges=[]))
bytes_as_tokens.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
bytes_as_tokens.decoder = decoders.ByteLevel()
PreTrainedTokenizerFast(tokenizer_object=bytes_as_tokens, eos_token=END, pad_token=END).save_pretrained("model")
end = words.index(END)
GPT2LMHeadModel(GPT2Config(vocab_size=len(words), n_positions=128, n_embd=32, n_layer=2, n_head=2, bos_token_id=end, eos_token_id=end)).save_pretrained("model")
