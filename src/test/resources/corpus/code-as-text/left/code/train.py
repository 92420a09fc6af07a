import torch

lr = 0.1
print(lr)
