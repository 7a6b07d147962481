//===- FolderLock.cpp - One process in a run folder -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "FolderLock.h"

#include "Error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace costate::rt;

/// "process 1234", as the holder wrote it.
static std::string holderOf(int descriptor) {
  char digits[32] = {};
  ssize_t got = ::pread(descriptor, digits, sizeof(digits) - 1, 0);
  std::string text(digits, got > 0 ? strspn(digits, "0123456789") : 0);
  return text.empty() ? "another process" : "process " + text;
}

FolderLock::FolderLock(const std::string &folder) {
  std::string path = folder + "/" + fileName;
  descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0)
    fail("cannot write '", path, "': ", std::strerror(errno));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      std::string holder = holderOf(descriptor);
      ::close(descriptor);
      fail("the run folder '", folder, "' is in use by ", holder, ": only one process may train in it");
    }
    std::fprintf(stderr, "warning: '%s' cannot be locked (%s): see that only one process trains in it\n",
                 path.c_str(), std::strerror(errno));
    return;
  }
  std::string number = std::to_string(::getpid()) + "\n";
  // For messages alone; a full disk keeps nobody out.
  (void)!::ftruncate(descriptor, 0);
  (void)!::pwrite(descriptor, number.data(), number.size(), 0);
}

FolderLock::~FolderLock() { ::close(descriptor); }
