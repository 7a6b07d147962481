//===- File.cpp - Whole files, read and written without accidents -----------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "File.h"

#include "Error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace costate::rt;

namespace {

class Descriptor {
public:
  Descriptor(const std::string &path, int flags) : number(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number >= 0)
      ::close(number);
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  int number;
};

} // namespace

std::string costate::rt::readFile(const std::string &path) {
  Descriptor file(path, O_RDONLY);
  if (file.number < 0)
    fail("cannot open '", path, "': ", std::strerror(errno));
  struct stat status{};
  if (::fstat(file.number, &status) != 0)
    fail("cannot read '", path, "': ", std::strerror(errno));
  if (S_ISDIR(status.st_mode))
    fail("cannot read '", path, "': it is a folder");
  std::string content(static_cast<size_t>(status.st_size), '\0');
  size_t done = 0;
  for (;;) {
    // The file may grow meanwhile, and pipes have no size.
    if (done == content.size())
      content.resize(content.size() + 65536);
    ssize_t got = ::read(file.number, content.data() + done, content.size() - done);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      fail("cannot read '", path, "': ", std::strerror(errno));
    if (got == 0)
      break;
    done += static_cast<size_t>(got);
  }
  content.resize(done);
  return content;
}

void costate::rt::writeFileAtomically(const std::string &path, std::string_view content) {
  // A device or a pipe is written to; a file in its place would take it away.
  struct stat status;
  bool isDevice = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  std::string beside = isDevice ? path : cat(path, ".", ::getpid(), ".tmp");
  auto refuse = [&](const char *what) {
    int reason = errno;
    if (!isDevice)
      ::unlink(beside.c_str());
    fail("cannot ", what, " '", path, "': ", std::strerror(reason));
  };
  {
    Descriptor file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    if (file.number < 0)
      refuse("write");
    for (size_t done = 0; done < content.size();) {
      ssize_t wrote = ::write(file.number, content.data() + done, content.size() - done);
      if (wrote < 0 && errno == EINTR)
        continue;
      if (wrote < 0)
        refuse("write");
      done += static_cast<size_t>(wrote);
    }
    if (!isDevice && ::fsync(file.number) != 0)
      refuse("sync");
  }
  if (isDevice)
    return;
  if (::rename(beside.c_str(), path.c_str()) != 0)
    refuse("replace");
  // The new name itself has to reach the disk as well; where a folder cannot be synced that is no failure.
  auto parent = std::filesystem::path(path).parent_path();
  Descriptor folder(parent.empty() ? "." : parent.string(), O_RDONLY | O_DIRECTORY);
  if (folder.number >= 0)
    (void)::fsync(folder.number);
}
