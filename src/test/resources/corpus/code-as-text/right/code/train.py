import torch

lr = 0.2
print(lr)
