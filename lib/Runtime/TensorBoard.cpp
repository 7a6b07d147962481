//===- TensorBoard.cpp - Scalars as TensorBoard reads them ------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "TensorBoard.h"

#include "File.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <unistd.h>

using namespace costate::rt;

uint32_t costate::rt::crc32c(std::string_view bytes) {
  static const std::array<uint32_t, 256> table = [] {
    std::array<uint32_t, 256> result{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit)
        value = (value >> 1) ^ ((value & 1) ? 0x82F63B78u : 0);
      result[i] = value;
    }
    return result;
  }();
  uint32_t crc = ~uint32_t{0};
  for (unsigned char byte : bytes)
    crc = (crc >> 8) ^ table[(crc ^ byte) & 0xff];
  return ~crc;
}

namespace {

template <typename T> void putFixed(std::string &to, T value) {
  to.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

void putVarint(std::string &to, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    to.push_back(static_cast<char>(value | 0x80));
  to.push_back(static_cast<char>(value));
}

/// Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
void putKey(std::string &to, int field, int wireType) {
  putVarint(to, static_cast<uint64_t>(field) << 3 | wireType);
}

void putBytes(std::string &to, int field, std::string_view bytes) {
  putKey(to, field, 2);
  putVarint(to, bytes.size());
  to += bytes;
}

double wallTime() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
std::string eventHeader() {
  std::string event;
  putKey(event, 1, 1);
  putFixed(event, wallTime());
  return event;
}

uint32_t maskedChecksum(std::string_view bytes) {
  uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

/// The step of an event as `add` writes it: behind the key and eight bytes of the time; 0 where it has none.
int64_t stepOf(std::string_view event) {
  constexpr size_t key = 9;
  constexpr char stepKey = 2 << 3;
  if (event.size() <= key || event[key] != stepKey)
    return 0;
  uint64_t step = 0;
  for (size_t i = key + 1, shift = 0; i < event.size() && shift < 64; ++i, shift += 7) {
    step |= static_cast<uint64_t>(event[i] & 0x7f) << shift;
    if (!(event[i] & 0x80))
      break;
  }
  return static_cast<int64_t>(step);
}

} // namespace

std::string costate::rt::keepEvents(std::string_view file, int64_t last) {
  std::string kept;
  while (file.size() >= 16) {
    uint64_t length;
    uint32_t lengthCheck, eventCheck;
    std::memcpy(&length, file.data(), 8);
    std::memcpy(&lengthCheck, file.data() + 8, 4);
    if (lengthCheck != maskedChecksum(file.substr(0, 8)) || length > file.size() - 16)
      break;
    std::string_view event = file.substr(12, length);
    std::memcpy(&eventCheck, file.data() + 12 + length, 4);
    if (eventCheck != maskedChecksum(event))
      break;
    if (stepOf(event) <= last)
      kept += file.substr(0, 16 + length);
    file.remove_prefix(16 + length);
  }
  return kept;
}

TensorBoardLog::TensorBoardLog(const std::string &folder, int64_t keepUpTo) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const auto &item : std::filesystem::directory_iterator(folder, error))
    if (item.path().filename().string().rfind("events.out.tfevents.", 0) == 0)
      writeFileAtomically(item.path().string(), keepEvents(readFile(item.path().string()), keepUpTo));
  char host[256] = {};
  gethostname(host, sizeof(host) - 1);
  char name[400];
  std::snprintf(name, sizeof(name), "/events.out.tfevents.%010lld.%s.%d.costate",
                static_cast<long long>(wallTime()), host, static_cast<int>(getpid()));
  path = folder + name;
  std::string event = eventHeader();
  putBytes(event, 3, "brain.Event:2");
  addRecord(event);
}

void TensorBoardLog::addRecord(const std::string &event) {
  std::string length;
  putFixed(length, static_cast<uint64_t>(event.size()));
  pending += length;
  putFixed(pending, maskedChecksum(length));
  pending += event;
  putFixed(pending, maskedChecksum(event));
}

void TensorBoardLog::add(int64_t step, const std::vector<std::string> &names,
                         const std::vector<double> &values) {
  // message Summary { repeated Value value = 1; }  message Value { string tag = 1; float simple_value = 2; }
  std::string summary;
  for (size_t i = 0; i < names.size(); ++i) {
    std::string value;
    putBytes(value, 1, names[i]);
    putKey(value, 2, 5);
    putFixed(value, static_cast<float>(values[i]));
    putBytes(summary, 1, value);
  }
  std::string event = eventHeader();
  putKey(event, 2, 0);
  putVarint(event, static_cast<uint64_t>(step));
  putBytes(event, 5, summary);
  addRecord(event);
}

void TensorBoardLog::flush() {
  appendToFile(path, pending);
  pending.clear();
}
