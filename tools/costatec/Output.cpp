//===- Output.cpp - Files that are there whole or not at all --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Output.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace llvm;
using namespace costate;

bool costate::isDevice(StringRef path) {
  sys::fs::file_status status;
  return !sys::fs::status(path, status) && sys::fs::is_other(status);
}

Error costate::writeWhole(StringRef path, Writer write) {
  if (path == "-" || isDevice(path)) {
    SmallVector<char, 0> buffer;
    raw_svector_ostream stream(buffer);
    if (Error error = write(stream))
      return error;
    std::error_code error;
    raw_fd_ostream target(path, error);
    if (!error) {
      target << stream.str();
      target.flush();
      error = target.error();
      target.clear_error();
    }
    return error ? createStringError("cannot write " + path + ": " + error.message()) : Error::success();
  }
  SmallString<128> temporary;
  int file;
  if (std::error_code error = sys::fs::createUniqueFile(path + ".%%%%%%.tmp", file, temporary))
    return createStringError("cannot write " + path + ": " + error.message());
  ToolOutputFile output(temporary, file);
  if (Error error = write(output.os()))
    return error;
  output.os().close();
  if (output.os().has_error()) {
    std::error_code error = output.os().error();
    output.os().clear_error();
    return createStringError("cannot write " + path + ": " + error.message());
  }
  if (std::error_code error = sys::fs::rename(temporary, path))
    return createStringError("cannot write " + path + ": " + error.message());
  output.keep();
  return Error::success();
}

TemporaryObject::~TemporaryObject() {
  if (!file.empty())
    sys::fs::remove(file);
}

Error TemporaryObject::write(Writer generate) {
  if (std::error_code error = sys::fs::createTemporaryFile("costate", "o", file))
    return createStringError("cannot write a temporary file: " + error.message());
  return writeWhole(file, generate);
}
