//===- PointSetOps.cpp - Verifiers of sets of points and of regions -------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "MethodAttrs.h"
#include "Names.h"
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/IR/TensorSize.h"

#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace costate;

static RankedTensorType findColumn(ArrayAttr names, ArrayAttr types, StringRef column) {
  for (auto [name, type] : llvm::zip_equal(names, types))
    if (cast<StringAttr>(name).getValue() == column)
      return dyn_cast<RankedTensorType>(cast<TypeAttr>(type).getValue());
  return {};
}

RankedTensorType DataOp::getColumnType(StringRef column) {
  return findColumn(getColumnNames(), getColumnTypes(), column);
}
RankedTensorType SampleOp::getColumnType(StringRef column) {
  return findColumn(getColumnNames(), getColumnTypes(), column);
}

static LogicalResult verifyColumns(Operation *op, StringRef set, ArrayAttr names, ArrayAttr types) {
  if (failed(verifyName(op, set)))
    return failure();
  if (names.size() != types.size())
    return op->emitOpError() << "names " << names.size() << " columns, but has types for " << types.size();
  if (names.empty())
    return op->emitOpError() << "has no column, but needs at least one";
  llvm::SmallDenseSet<StringRef> seen;
  Type element;
  for (auto [name, attr] : llvm::zip_equal(names.getAsRange<StringAttr>(), types)) {
    if (failed(verifyColumnName(op, name.getValue())))
      return failure();
    if (!seen.insert(name.getValue()).second)
      return op->emitOpError() << "has two columns named " << name;
    Type type = cast<TypeAttr>(attr).getValue();
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape() || !isAddressable(tensor.getShape()) ||
        llvm::is_contained(tensor.getShape(), 0) ||
        !(tensor.getElementType().isF32() || tensor.getElementType().isF64()))
      return op->emitOpError()
             << "has column " << name << " of type " << type
             << ", but a sample is a statically shaped tensor of f32 or f64, with an element";
    if (element && element != tensor.getElementType())
      return op->emitOpError() << "has column " << name << " of " << tensor.getElementType()
                               << ", but others of " << element << "; a problem computes in one element type";
    element = tensor.getElementType();
  }
  return success();
}

LogicalResult DataOp::verify() {
  if (getFile() && !llvm::json::isUTF8(*getFile()))
    return emitOpError() << "names a file, " << getFileAttr() << ", that is no text in UTF-8";
  return verifyColumns(*this, getSetName(), getColumnNames(), getColumnTypes());
}

LogicalResult SampleOp::verify() {
  if (failed(verifyColumns(*this, getSetName(), getColumnNames(), getColumnTypes())))
    return failure();
  int64_t components = 0;
  for (auto type : getColumnTypes().getAsValueRange<TypeAttr>())
    components += cast<RankedTensorType>(type).getNumElements();
  auto box = dyn_cast<BoxAttr>(getRegion());
  auto faces = dyn_cast<FacesAttr>(getRegion());
  int64_t dimensions = box ? box.getLower().size() : faces.getLower().size();
  if (components != dimensions)
    return emitOpError() << "has columns of " << components << " components together, but a region of "
                         << dimensions << " dimensions";
  if (getCount().empty())
    return emitOpError() << "has no count of points";
  for (int64_t count : getCount())
    if (count <= 0)
      return emitOpError() << "has count " << count << ", but needs at least one point";
  SmallVector<int64_t> numbers(getCount());
  numbers.push_back(dimensions);
  if (!isAddressable(numbers))
    return emitOpError() << "has more points than can be addressed";
  if (getCount().size() > 1) {
    if (getSampler() != Sampler::grid)
      return emitOpError() << "counts points along each axis, which only a grid has, not "
                           << stringifySampler(getSampler());
    if (static_cast<int64_t>(getCount().size()) != dimensions)
      return emitOpError() << "counts points along " << getCount().size() << " axes, but the region has "
                           << dimensions;
  }
  if (static_cast<int64_t>(getResample()) < 0)
    return emitOpError() << "resamples every " << static_cast<int64_t>(getResample())
                         << " steps, but cannot less than every 0";
  if (static_cast<int64_t>(getResample()) > largestSetting)
    return emitOpError() << "resamples every " << getResample() << " steps, but at most every "
                         << largestSetting << " can be said";
  if (getResample() && getSampler() == Sampler::grid)
    return emitOpError() << "resamples a grid, which is the same every time";
  return success();
}

static LogicalResult verifyBox(function_ref<InFlightDiagnostic()> emitError, ArrayRef<Real> lower,
                               ArrayRef<Real> upper) {
  if (lower.size() != upper.size())
    return emitError() << "lower corner has " << lower.size() << " numbers, but the upper has "
                       << upper.size();
  if (lower.empty())
    return emitError() << "a box needs at least one dimension";
  for (auto [i, a, b] : llvm::enumerate(lower, upper))
    if (!(a < b) || std::isinf(a) || std::isinf(b))
      return emitError() << "dimension " << i << " runs from " << double(a) << " to " << double(b)
                         << ", but needs finite ends, the lower below the upper";
  return success();
}

LogicalResult BoxAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<Real> lower,
                              ArrayRef<Real> upper) {
  return verifyBox(emitError, lower, upper);
}

LogicalResult FacesAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<Real> lower,
                                ArrayRef<Real> upper, ArrayRef<int64_t> faces) {
  if (failed(verifyBox(emitError, lower, upper)))
    return failure();
  assert(faces.size() % 2 == 0 && "a face is a dimension and a side");
  for (size_t i = 0; i < faces.size(); i += 2) {
    if (faces[i] < 0 || faces[i] >= static_cast<int64_t>(lower.size()))
      return emitError() << "face of dimension " << faces[i] << ", but the box has " << lower.size();
    if (faces[i + 1] != 0 && faces[i + 1] != 1)
      return emitError() << "side " << faces[i + 1] << " of a face, but there are 0 (lower) and 1 (upper)";
  }
  return success();
}
