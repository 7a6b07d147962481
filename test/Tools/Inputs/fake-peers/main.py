import os
import sys

names = {word: os.path.basename(value) for word, value in zip(sys.argv[1::2], sys.argv[2::2])}
print("costatec:", names["--costatec"], "runtime:", names["--runtime"], "problems:", names["--problems"])
print("own:", sys.argv[-4:])
