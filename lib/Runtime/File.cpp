//===- File.cpp - Whole files, read and written without accidents -----------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "File.h"

#include "Error.h"
#include "Philox.h"

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

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

/// Whether all was written; errno says why not.
bool writeAll(int descriptor, std::string_view content) {
  for (size_t done = 0; done < content.size();) {
    ssize_t wrote = ::write(descriptor, content.data() + done, content.size() - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote < 0)
      return false;
    done += static_cast<size_t>(wrote);
  }
  return true;
}

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

void costate::rt::appendToFile(const std::string &path, std::string_view content) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_APPEND);
  struct stat before{};
  if (file.number < 0 || ::fstat(file.number, &before) != 0)
    fail("cannot write '", path, "': ", std::strerror(errno));
  if (writeAll(file.number, content))
    return;
  int reason = errno;
  // Half a line would be worse than none. A device has no length to go back to.
  (void)!::ftruncate(file.number, before.st_size);
  fail("cannot write '", path, "': ", std::strerror(reason));
}

/// A new name has to reach the disk as well as the file; where a folder cannot be synced that is no failure.
static void syncFolderOf(const std::string &path) {
  auto parent = std::filesystem::path(path).parent_path();
  Descriptor folder(parent.empty() ? "." : parent.string(), O_RDONLY | O_DIRECTORY);
  if (folder.number >= 0)
    (void)::fsync(folder.number);
}

void costate::rt::syncFile(const std::string &path) {
  Descriptor file(path, O_RDONLY);
  if (file.number < 0 || ::fsync(file.number) != 0)
    fail("cannot sync '", path, "': ", std::strerror(errno));
  syncFolderOf(path);
}

std::string costate::rt::fileNameOf(std::string_view name) {
  constexpr std::string_view plain = "-_.+=@ ";
  // The longest name that file systems take is 255 bytes; numbers and endings follow.
  constexpr size_t longest = 200;
  std::string result;
  for (size_t i = 0; i < name.size(); ++i) {
    auto c = static_cast<unsigned char>(name[i]);
    bool isFirst = i == 0 && (c == '.' || c == '-' || c == ' ');
    if (!isFirst && (c >= 0x80 || std::isalnum(c) || plain.find(name[i]) != std::string_view::npos)) {
      result += name[i];
      continue;
    }
    char code[8];
    std::snprintf(code, sizeof(code), "%%%02X", c);
    result += code;
  }
  if (result.size() > longest)
    result = cat(result.substr(0, longest), "-", std::hex, streamOf(name));
  return result;
}

/// NAME.PID and this: what only this program calls a file.
static constexpr std::string_view temporaryEnding = ".costate.tmp";

bool costate::rt::isTemporary(std::string_view name) {
  if (!name.ends_with(temporaryEnding))
    return false;
  name.remove_suffix(temporaryEnding.size());
  size_t dot = name.find_last_not_of("0123456789");
  return dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() && name[dot] == '.';
}

void costate::rt::removeTemporaries(const std::string &folder) {
  std::error_code error;
  std::vector<std::filesystem::path> found;
  for (const auto &item : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (isTemporary(item.path().filename().string()))
      found.push_back(item.path());
  }
  for (const std::filesystem::path &path : found)
    std::filesystem::remove(path, error);
}

void costate::rt::writeFileAtomically(const std::string &path, std::string_view content) {
  // A device or a pipe is written to; a file in its place would take it away.
  struct stat status;
  bool isDevice = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  std::string beside = isDevice ? path : cat(path, ".", ::getpid(), temporaryEnding);
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
    if (!writeAll(file.number, content))
      refuse("write");
    if (!isDevice && ::fsync(file.number) != 0)
      refuse("sync");
  }
  if (isDevice)
    return;
  if (::rename(beside.c_str(), path.c_str()) != 0)
    refuse("replace");
  syncFolderOf(path);
}
