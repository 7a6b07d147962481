//===- Main.cpp - main of a generated program -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// An object of its own: whoever links a generated object into another program
// brings another main, and this one stays in the archive.
//
//===----------------------------------------------------------------------===//

#include "costate/Runtime/ABI.h"

int main(int argc, char **argv) { return costate_rt_main(argc, argv, costate_program, costate_entries); }
