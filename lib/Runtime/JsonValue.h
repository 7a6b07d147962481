//===- JsonValue.h - Values of JSON as what they must be ---------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#ifndef COSTATE_LIB_RUNTIME_JSONVALUE_H
#define COSTATE_LIB_RUNTIME_JSONVALUE_H

#include <cstdint>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace costate::rt {

/// Whether a T can hold the value. The library itself cuts off fractions, wraps what is too large and takes
/// booleans for numbers.
template <typename T> bool holds(const nlohmann::json &json) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
    return json.is_number_unsigned() ? std::in_range<T>(json.get<uint64_t>())
                                     : json.is_number_integer() && std::in_range<T>(json.get<int64_t>());
  else if constexpr (std::is_floating_point_v<T>)
    return json.is_number();
  else
    return true;
}

template <typename T> struct JsonValue {
  static T read(const nlohmann::json &json) {
    if (!holds<T>(json))
      throw nlohmann::json::type_error::create(302, "no number of the kind that is required", &json);
    return json.get<T>();
  }
};

template <typename T> struct JsonValue<std::vector<T>> {
  static std::vector<T> read(const nlohmann::json &json) {
    std::vector<T> values;
    for (const nlohmann::json &element : json.get_ref<const nlohmann::json::array_t &>())
      values.push_back(JsonValue<T>::read(element));
    return values;
  }
};

/// The value as a T, or the library's exception.
template <typename T> T valueOf(const nlohmann::json &json) { return JsonValue<T>::read(json); }

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_JSONVALUE_H
