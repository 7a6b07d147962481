//===- Npz.cpp - Zip archives of NumPy arrays -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// The part of the zip format that NumPy writes: members stored or deflated, with
// zip64 fields where they are needed. The central directory is what is believed.
//
//===----------------------------------------------------------------------===//

#include "Npz.h"

#include "Error.h"

#include <cstring>
#include <zlib.h>

using namespace costate::rt;

namespace {

constexpr uint32_t localSignature = 0x04034b50, centralSignature = 0x02014b50, endSignature = 0x06054b50;
constexpr uint32_t end64Signature = 0x06064b50, locator64Signature = 0x07064b50;

/// Little-endian fields with bounds checked.
class Fields {
public:
  Fields(std::string_view bytes, const std::string &what) : bytes(bytes), what(what) {}
  template <typename T> T at(uint64_t offset) const {
    T value;
    std::memcpy(&value, slice(offset, sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::string_view slice(uint64_t offset, uint64_t length) const {
    if (offset > bytes.size() || length > bytes.size() - offset)
      fail(what, ": truncated or damaged zip archive: found ", bytes.size(), " bytes, required ", length,
           " at ", offset);
    return bytes.substr(offset, length);
  }

private:
  std::string_view bytes;
  const std::string &what;
};

struct Member {
  std::string name;
  uint16_t method = 0;
  uint32_t crc = 0;
  uint64_t packedSize = 0, size = 0, offset = 0;
};

/// Sizes of 0xffffffff stand in the zip64 extra field instead.
void readZip64(const Fields &fields, uint64_t extra, uint64_t extraLength, Member &member) {
  for (uint64_t at = extra; at + 4 <= extra + extraLength;) {
    auto id = fields.at<uint16_t>(at);
    auto length = fields.at<uint16_t>(at + 2);
    if (id == 1) {
      uint64_t field = at + 4;
      for (uint64_t *value : {&member.size, &member.packedSize, &member.offset})
        if (*value == 0xffffffffu) {
          *value = fields.at<uint64_t>(field);
          field += 8;
        }
    }
    at += 4 + length;
  }
}

uint64_t findEnd(std::string_view bytes, const std::string &what) {
  // The end record is 22 bytes and a comment of up to 65535.
  if (bytes.size() >= 22)
    for (uint64_t back = 22; back <= std::min<uint64_t>(bytes.size(), 22 + 65535); ++back) {
      uint32_t signature;
      std::memcpy(&signature, bytes.data() + bytes.size() - back, 4);
      if (signature == endSignature)
        return bytes.size() - back;
    }
  fail(what, ": not a zip archive, or a truncated one (no end record found)");
}

std::string inflateMember(std::string_view packed, const Member &member, const std::string &what) {
  // Deflate cannot do better than about 1032 to 1: a larger claim is damage, and must not be allocated.
  if (member.size / 1100 > packed.size() + 1)
    fail(what, ": member '", member.name, "' claims ", member.size, " bytes from ", packed.size());
  std::string result(member.size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    fail(what, ": zlib cannot start");
  const auto *input = reinterpret_cast<const Bytef *>(packed.data());
  uint64_t inputLeft = packed.size(), outputDone = 0;
  int status = Z_OK;
  // Bytef counts are 32 bits wide; larger members go in pieces.
  constexpr uint64_t piece = 1u << 30;
  Bytef none = 0;
  while (status == Z_OK) {
    stream.next_in = const_cast<Bytef *>(input);
    stream.avail_in = static_cast<uInt>(std::min(inputLeft, piece));
    stream.next_out =
        outputDone < result.size() ? reinterpret_cast<Bytef *>(result.data()) + outputDone : &none;
    stream.avail_out = static_cast<uInt>(std::min<uint64_t>(result.size() - outputDone, piece));
    uInt inBefore = stream.avail_in, outBefore = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    uInt consumed = inBefore - stream.avail_in, produced = outBefore - stream.avail_out;
    input += consumed;
    inputLeft -= consumed;
    outputDone += produced;
    if (status == Z_OK && consumed == 0 && produced == 0)
      break;
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END || outputDone != member.size)
    fail(what, ": member '", member.name, "' is damaged: found ", outputDone, " bytes, required ",
         member.size);
  return result;
}

uint32_t checksum(std::string_view bytes) {
  return static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size()));
}

} // namespace

std::map<std::string, std::string> costate::rt::parseZip(std::string_view bytes, const std::string &what) {
  Fields fields(bytes, what);
  uint64_t end = findEnd(bytes, what);
  uint64_t count = fields.at<uint16_t>(end + 10);
  uint64_t at = fields.at<uint32_t>(end + 16);
  if ((count == 0xffff || at == 0xffffffffu) && end >= 20 &&
      fields.at<uint32_t>(end - 20) == locator64Signature) {
    auto end64 = fields.at<uint64_t>(end - 12);
    if (fields.at<uint32_t>(end64) != end64Signature)
      fail(what, ": damaged zip archive: the zip64 end record is not where it should be");
    count = fields.at<uint64_t>(end64 + 32);
    at = fields.at<uint64_t>(end64 + 48);
  }

  std::map<std::string, std::string> members;
  for (uint64_t i = 0; i < count; ++i) {
    if (fields.at<uint32_t>(at) != centralSignature)
      fail(what, ": damaged zip archive: entry ", i, " of the directory is not one");
    Member member;
    auto flags = fields.at<uint16_t>(at + 8);
    member.method = fields.at<uint16_t>(at + 10);
    member.crc = fields.at<uint32_t>(at + 16);
    member.packedSize = fields.at<uint32_t>(at + 20);
    member.size = fields.at<uint32_t>(at + 24);
    auto nameLength = fields.at<uint16_t>(at + 28);
    auto extraLength = fields.at<uint16_t>(at + 30);
    auto commentLength = fields.at<uint16_t>(at + 32);
    member.offset = fields.at<uint32_t>(at + 42);
    member.name = std::string(fields.slice(at + 46, nameLength));
    readZip64(fields, at + 46 + nameLength, extraLength, member);
    at += 46 + uint64_t{nameLength} + extraLength + commentLength;

    if (flags & 1)
      fail(what, ": member '", member.name, "' is encrypted");
    if (fields.at<uint32_t>(member.offset) != localSignature)
      fail(what, ": damaged zip archive: member '", member.name, "' is not where the directory says");
    uint64_t data = member.offset + 30 + fields.at<uint16_t>(member.offset + 26) +
                    fields.at<uint16_t>(member.offset + 28);
    std::string_view packed = fields.slice(data, member.packedSize);
    std::string content;
    if (member.method == 0 && member.packedSize == member.size)
      content = std::string(packed);
    else if (member.method == 8)
      content = inflateMember(packed, member, what);
    else
      fail(what, ": member '", member.name, "' uses compression method ", member.method,
           ", required 0 (stored) or 8 (deflated)");
    if (checksum(content) != member.crc)
      fail(what, ": member '", member.name, "' is damaged (its checksum does not match)");
    members[member.name] = std::move(content);
  }
  return members;
}

std::string costate::rt::formatZip(const std::vector<std::pair<std::string, std::string>> &members) {
  std::string bytes, directory;
  auto put = [](std::string &to, auto value) {
    to.append(reinterpret_cast<const char *>(&value), sizeof(value));
  };
  for (const auto &[name, content] : members) {
    if (content.size() >= 0xffffffffu || bytes.size() >= 0xffffffffu - content.size())
      fail("an archive of more than 4 GiB cannot be written");
    auto crc = checksum(content);
    auto size = static_cast<uint32_t>(content.size());
    auto offset = static_cast<uint32_t>(bytes.size());
    // Version 2.0, no flags, stored, at midnight on 1 January 1980: the same content gives the same file.
    auto putCommon = [&](std::string &to) {
      put(to, uint16_t{20});
      put(to, uint16_t{0});
      put(to, uint16_t{0});
      put(to, uint16_t{0});
      put(to, uint16_t{0x21});
      put(to, crc);
      put(to, size);
      put(to, size);
      put(to, static_cast<uint16_t>(name.size()));
      put(to, uint16_t{0});
    };
    put(bytes, localSignature);
    putCommon(bytes);
    bytes += name;
    bytes += content;
    put(directory, centralSignature);
    put(directory, uint16_t{20});
    putCommon(directory);
    put(directory, uint16_t{0}); // comment
    put(directory, uint16_t{0}); // disk
    put(directory, uint16_t{0}); // internal attributes
    put(directory, uint32_t{0}); // external attributes
    put(directory, offset);
    directory += name;
  }
  auto offset = static_cast<uint32_t>(bytes.size());
  bytes += directory;
  put(bytes, endSignature);
  put(bytes, uint32_t{0});
  put(bytes, static_cast<uint16_t>(members.size()));
  put(bytes, static_cast<uint16_t>(members.size()));
  put(bytes, static_cast<uint32_t>(directory.size()));
  put(bytes, offset);
  put(bytes, uint16_t{0});
  return bytes;
}

std::map<std::string, Array> costate::rt::parseNpz(std::string_view bytes, const std::string &what) {
  std::map<std::string, Array> arrays;
  for (const auto &[name, content] : parseZip(bytes, what)) {
    if (name.size() < 4 || name.substr(name.size() - 4) != ".npy")
      continue;
    std::string arrayName = name.substr(0, name.size() - 4);
    arrays[arrayName] = parseNpy(content, cat(what, ": ", arrayName));
  }
  return arrays;
}
