//===- Npy.cpp - NumPy arrays -----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Npy.h"

#include "Error.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstring>

using namespace costate::rt;

namespace {

/// Reads the Python literal {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }.
class HeaderParser {
public:
  HeaderParser(std::string_view text, const std::string &what) : text(text), what(what) {}

  void parse(std::string &descr, bool &fortranOrder, Shape &shape) {
    bool haveDescr = false, haveOrder = false, haveShape = false;
    expect('{');
    while (!accept('}')) {
      std::string key = quoted();
      expect(':');
      if (key == "descr") {
        descr = peek() == '[' ? structure() : quoted();
        haveDescr = true;
      } else if (key == "fortran_order") {
        fortranOrder = boolean();
        haveOrder = true;
      } else if (key == "shape") {
        shape = tuple();
        haveShape = true;
      } else {
        fail(what, ": malformed npy header: unknown key '", key, "'");
      }
      accept(',');
    }
    if (!haveDescr || !haveOrder || !haveShape)
      fail(what, ": malformed npy header: required descr, fortran_order and shape");
  }

private:
  char peek() {
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])))
      ++at;
    return at < text.size() ? text[at] : '\0';
  }
  bool accept(char c) {
    if (peek() != c)
      return false;
    ++at;
    return true;
  }
  void expect(char c) {
    if (!accept(c))
      fail(what, ": malformed npy header: required '", c, "' at character ", at);
  }
  std::string quoted() {
    char quote = peek();
    if (quote != '\'' && quote != '"')
      fail(what, ": malformed npy header: required a quoted word at character ", at);
    size_t end = text.find(quote, at + 1);
    if (end == std::string_view::npos)
      fail(what, ": malformed npy header: unfinished word at character ", at);
    std::string word(text.substr(at + 1, end - at - 1));
    at = end + 1;
    return word;
  }
  /// The list of fields as it stands.
  std::string structure() {
    size_t begin = at, depth = 0;
    do {
      if (at == text.size())
        fail(what, ": malformed npy header: unfinished list at character ", begin);
      depth += text[at] == '[';
      depth -= text[at] == ']';
      ++at;
    } while (depth > 0);
    return std::string(text.substr(begin, at - begin));
  }
  bool boolean() {
    peek();
    for (bool value : {true, false}) {
      std::string_view word = value ? "True" : "False";
      if (text.substr(at, word.size()) == word) {
        at += word.size();
        return value;
      }
    }
    fail(what, ": malformed npy header: required True or False at character ", at);
  }
  Shape tuple() {
    Shape shape;
    expect('(');
    while (!accept(')')) {
      int64_t extent = 0;
      if (!std::isdigit(static_cast<unsigned char>(peek())))
        fail(what, ": malformed npy header: required an extent at character ", at);
      while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) {
        if (extent > (int64_t{1} << 55))
          fail(what, ": malformed npy header: an extent is too large");
        extent = extent * 10 + (text[at++] - '0');
      }
      shape.push_back(extent);
      accept(',');
    }
    return shape;
  }

  std::string_view text;
  const std::string &what;
  size_t at = 0;
};

/// A float of 16 bits (IEEE 754 binary16), as it is stored.
struct Half {
  uint16_t bits;
  explicit operator double() const {
    double sign = bits >> 15 ? -1 : 1, fraction = bits & 0x3ff;
    int exponent = bits >> 10 & 0x1f;
    if (exponent == 0x1f)
      return fraction == 0 ? sign * INFINITY : NAN;
    return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25));
  }
};

template <typename T> void readAs(std::string_view data, bool swapped, std::vector<double> &values) {
  for (size_t i = 0; i < values.size(); ++i) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, data.data() + i * sizeof(T), sizeof(T));
    if (swapped)
      std::reverse(bytes, bytes + sizeof(T));
    values[i] = static_cast<double>(std::bit_cast<T>(bytes));
  }
}

struct Reading {
  const char *kind; // without the byte order
  size_t size;
  void (*read)(std::string_view, bool, std::vector<double> &);
};

const Reading readings[] = {
    {"f8", 8, readAs<double>},   {"f4", 4, readAs<float>},    {"f2", 2, readAs<Half>},
    {"i8", 8, readAs<int64_t>},  {"i4", 4, readAs<int32_t>},  {"i2", 2, readAs<int16_t>},
    {"i1", 1, readAs<int8_t>},   {"u8", 8, readAs<uint64_t>}, {"u4", 4, readAs<uint32_t>},
    {"u2", 2, readAs<uint16_t>}, {"u1", 1, readAs<uint8_t>},  {"b1", 1, readAs<uint8_t>},
};

std::vector<double> fromFortranOrder(const Shape &shape, const std::vector<double> &values) {
  std::vector<double> result(values.size());
  Shape index(shape.size(), 0);
  for (double &value : result) {
    int64_t at = 0;
    for (size_t d = shape.size(); d-- > 0;)
      at = at * shape[d] + index[d];
    value = values[at];
    for (size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
  return result;
}

} // namespace

Array costate::rt::parseNpy(std::string_view bytes, const std::string &what) {
  if (bytes.size() < 10 || bytes.substr(0, 6) != "\x93NUMPY")
    fail(what, ": not an npy file (it does not begin with \\x93NUMPY)");
  int major = static_cast<unsigned char>(bytes[6]);
  if (major < 1 || major > 3)
    fail(what, ": npy version ", major, " found, required 1, 2 or 3");
  size_t lengthBytes = major == 1 ? 2 : 4;
  if (bytes.size() < 8 + lengthBytes)
    fail(what, ": truncated npy header");
  uint32_t headerLength = 0;
  std::memcpy(&headerLength, bytes.data() + 8, lengthBytes);
  size_t begin = 8 + lengthBytes;
  if (headerLength > bytes.size() - begin)
    fail(what, ": truncated npy header: found ", bytes.size() - begin, " bytes, required ", headerLength);

  Array array;
  bool fortranOrder = false;
  HeaderParser(bytes.substr(begin, headerLength), what).parse(array.dtype, fortranOrder, array.shape);
  const Reading *reading = nullptr;
  if (array.dtype.size() >= 2)
    for (const Reading &candidate : readings)
      if (array.dtype.substr(1) == candidate.kind)
        reading = &candidate;
  if (!reading) {
    array.problem = cat(what, ": found element type '", array.dtype,
                        "', required floats of 16, 32 or 64 bits, integers or booleans");
    return array;
  }

  std::string_view data = bytes.substr(begin + headerLength);
  uint64_t elements = 1;
  for (int64_t extent : array.shape)
    if (__builtin_mul_overflow(elements, static_cast<uint64_t>(extent), &elements))
      fail(what, ": shape ", textOf(array.shape), " is too large");
  if (data.size() % reading->size != 0 || data.size() / reading->size != elements)
    fail(what, ": ", data.size() / reading->size < elements ? "truncated" : "too long", ": found ",
         data.size(), " bytes of data, required ", elements, " elements of ", reading->size,
         " bytes for shape ", textOf(array.shape));
  array.values.resize(elements);
  reading->read(data, array.dtype[0] == '>', array.values);
  if (fortranOrder && array.shape.size() > 1)
    array.values = fromFortranOrder(array.shape, array.values);
  return array;
}

std::string costate::rt::formatNpy(const Shape &shape, const std::vector<double> &values,
                                   Precision precision) {
  std::string extents;
  for (int64_t extent : shape)
    extents += std::to_string(extent) + ", ";
  if (shape.size() > 1)
    extents.resize(extents.size() - 2);
  else if (shape.size() == 1)
    extents.resize(extents.size() - 1);
  std::string header =
      cat("{'descr': '<f", bytesOf(precision), "', 'fortran_order': False, 'shape': (", extents, "), }");
  // The data begins at a multiple of 64; the header ends in a newline.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';

  std::string bytes("\x93NUMPY\x01\x00", 8);
  auto length = static_cast<uint16_t>(header.size());
  bytes.append(reinterpret_cast<const char *>(&length), 2);
  bytes += header;
  for (double value : values) {
    if (precision == Precision::F32) {
      auto narrow = static_cast<float>(value);
      bytes.append(reinterpret_cast<const char *>(&narrow), sizeof(narrow));
    } else {
      bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
    }
  }
  return bytes;
}
