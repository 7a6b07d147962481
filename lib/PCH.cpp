//===- PCH.cpp - Anchors the precompiled header that every compiler library shares -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
