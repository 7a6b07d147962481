//===- Device.h - The device that kernels run on ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// One for the process. It is opened when it is first asked for; where that is
// not possible the reason is said once, and the program runs on the CPU.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_DEVICE_H
#define COSTATE_LIB_RUNTIME_DEVICE_H

#include "CudaDriver.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace costate::rt {

/// The environment variable that names a device.
constexpr char deviceVariable[] = "COSTATE_DEVICE";

/// The number of "cuda:N", -1 for "cpu", nothing for any other text.
std::optional<int64_t> parseDevice(const std::string &text);
/// What is said of any other text.
std::string deviceRefusal(const std::string &origin, const std::string &text);

struct OpenDevice {
  cuda::Driver driver;
  int64_t number = 0;
  std::string name;
};

/// The device that costate_rt_gpu_select, the environment, or cuda:0 by default, names; null: the CPU.
const OpenDevice *openDevice();

/// "cuda:0 (NAME)", or "cpu"; opens the device.
std::string deviceText();

/// Says why kernels that were to run on a device run on the CPU.
void noteFallback(const std::string &why);

/// "cuda:N  NAME" of each device that the driver has, or one line that says why there is none.
std::vector<std::string> listDevices();

/// What is to be done before an error of the device ends the program; it is given the message.
void setDeviceFailureHandler(std::function<void(const std::string &)> handler);
/// Ends the program with exit code 1: no exception passes through compiled code.
[[noreturn]] void failDevice(const std::string &message);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_DEVICE_H
