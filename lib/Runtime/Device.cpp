//===- Device.cpp - The device that kernels run on --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Device.h"

#include "Error.h"
#include "Output.h"
#include "costate/Runtime/GPU.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>

using namespace costate::rt;
using namespace costate::rt::cuda;

std::optional<int64_t> costate::rt::parseDevice(const std::string &text) {
  if (text == "cpu")
    return -1;
  int64_t number = 0;
  const char *end = text.data() + text.size();
  if (text.rfind("cuda:", 0) != 0)
    return std::nullopt;
  auto parsed = std::from_chars(text.data() + 5, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number < 0)
    return std::nullopt;
  return number;
}

std::string costate::rt::deviceRefusal(const std::string &origin, const std::string &text) {
  return cat(origin, ": found '", text, "', required cpu or cuda:N");
}

namespace {

std::optional<int64_t> selected;
bool tried = false, fellBack = false;
std::unique_ptr<OpenDevice> opened;
std::function<void(const std::string &)> failureHandler;

int64_t chosenNumber() {
  if (selected)
    return *selected;
  const char *text = std::getenv(deviceVariable);
  if (!text || !*text)
    return 0;
  std::optional<int64_t> number = parseDevice(text);
  if (!number)
    failDevice(deviceRefusal(deviceVariable, text));
  return *number;
}

/// Loads the driver and counts its devices. Returns why that cannot be done, or an empty string.
std::string startDriver(Driver &driver, int &count) {
  if (std::string missing = driver.load(); !missing.empty())
    return missing;
  if (Result error = driver.init(0))
    return "the CUDA driver does not start: " + driver.describe(error);
  if (Result error = driver.deviceGetCount(&count))
    return "the CUDA driver does not list devices: " + driver.describe(error);
  return "";
}

std::string nameOfDevice(const Driver &driver, Device device) {
  char name[128] = "";
  driver.deviceGetName(name, sizeof name, device);
  return name;
}

/// Returns why the device cannot be used, or an empty string.
std::string open(OpenDevice &result) {
  Driver &driver = result.driver;
  int count = 0;
  if (std::string why = startDriver(driver, count); !why.empty())
    return why;
  std::string text = cat("cuda:", result.number);
  if (result.number >= count)
    return cat("there is no device ", text, " (devices: ", count, ")");
  Device device;
  Context context;
  if (Result error = driver.deviceGet(&device, static_cast<int>(result.number)))
    return cat("device ", text, ": ", driver.describe(error));
  result.name = nameOfDevice(driver, device);
  Result error = driver.devicePrimaryCtxRetain(&context, device);
  if (error == 0)
    error = driver.ctxSetCurrent(context);
  return error ? cat("device ", text, " (", result.name, "): ", driver.describe(error)) : "";
}

} // namespace

const OpenDevice *costate::rt::openDevice() {
  if (tried)
    return opened.get();
  int64_t number = chosenNumber();
  tried = true;
  if (number < 0)
    return nullptr;
  auto device = std::make_unique<OpenDevice>();
  device->number = number;
  if (std::string why = open(*device); !why.empty())
    noteFallback(why);
  else
    opened = std::move(device);
  return opened.get();
}

std::string costate::rt::deviceText() {
  const OpenDevice *device = openDevice();
  return device && !fellBack ? cat("cuda:", device->number, " (", device->name, ")") : "cpu";
}

void costate::rt::noteFallback(const std::string &why) {
  fellBack = true;
  std::fprintf(stderr, "note: running on the CPU: %s\n", why.c_str());
}

std::vector<std::string> costate::rt::listDevices() {
  Driver driver;
  int count = 0;
  if (std::string why = startDriver(driver, count); !why.empty())
    return {"cuda  none: " + why};
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i) {
    Device device;
    Result error = driver.deviceGet(&device, i);
    lines.push_back(cat("cuda:", i, "  ", error ? driver.describe(error) : nameOfDevice(driver, device)));
  }
  if (lines.empty())
    lines.push_back("cuda  none: the CUDA driver has no device");
  return lines;
}

void costate::rt::setDeviceFailureHandler(std::function<void(const std::string &)> handler) {
  failureHandler = std::move(handler);
}

void costate::rt::failDevice(const std::string &message) {
  flushOutput();
  std::fprintf(stderr, "error: GPU: %s\n", message.c_str());
  if (failureHandler)
    failureHandler(message);
  std::exit(1);
}

extern "C" void costate_rt_gpu_select(int64_t device) { selected = device < 0 ? -1 : device; }
