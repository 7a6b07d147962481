//===- SetAssembly.cpp - How sets of points are written ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Assembly.h"

using namespace mlir;
using namespace costate;

ParseResult costate::parseColumns(AsmParser &parser, ArrayAttr &names, ArrayAttr &types) {
  SmallVector<Attribute> nameList, typeList;
  auto element = [&]() -> ParseResult {
    std::string name;
    Type type;
    if (parser.parseKeywordOrString(&name) || parser.parseColonType(type))
      return failure();
    nameList.push_back(parser.getBuilder().getStringAttr(name));
    typeList.push_back(TypeAttr::get(type));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, element))
    return failure();
  names = parser.getBuilder().getArrayAttr(nameList);
  types = parser.getBuilder().getArrayAttr(typeList);
  return success();
}

void costate::printColumns(AsmPrinter &printer, Operation *, ArrayAttr names, ArrayAttr types) {
  printer << '(';
  llvm::interleaveComma(llvm::zip_equal(names, types), printer, [&](auto pair) {
    printer.printKeywordOrString(cast<StringAttr>(std::get<0>(pair)).getValue());
    printer << ": " << cast<TypeAttr>(std::get<1>(pair)).getValue();
  });
  printer << ')';
}

ParseResult costate::parseFaces(AsmParser &parser, SmallVector<int64_t> &faces) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    FailureOr<SmallVector<int64_t>> face = parseIntegers(parser);
    if (failed(face))
      return failure();
    if (face->size() != 2)
      return parser.emitError(loc) << "a face is [dimension, side], but this has " << face->size()
                                   << " numbers";
    faces.append(*face);
    return success();
  });
}

void costate::printFaces(AsmPrinter &printer, ArrayRef<int64_t> faces) {
  printer << '[';
  for (size_t i = 0; i + 1 < faces.size(); i += 2) {
    printer << (i ? ", " : "");
    printIntegers(printer, faces.slice(i, 2));
  }
  printer << ']';
}

ParseResult costate::parseRegion(AsmParser &parser, Attribute &region) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef preposition, kind;
  if (parser.parseKeyword(&preposition))
    return failure();
  if (preposition != "in" && preposition != "on")
    return parser.emitError(loc) << "expected 'in' or 'on' and a region, but found '" << preposition << "'";
  loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&kind))
    return failure();
  if (kind == "box")
    region = BoxAttr::parse(parser, {});
  else if (kind == "faces")
    region = FacesAttr::parse(parser, {});
  else
    return parser.emitError(loc) << "'" << kind << "' is not a region; there are box and faces";
  return success(region != nullptr);
}

void costate::printRegion(AsmPrinter &printer, Operation *, Attribute region) {
  if (auto box = dyn_cast<BoxAttr>(region)) {
    printer << "in box";
    box.print(printer);
  } else {
    printer << "on faces";
    cast<FacesAttr>(region).print(printer);
  }
}

ParseResult costate::parseCounts(AsmParser &parser, DenseI64ArrayAttr &counts) {
  int64_t count;
  OptionalParseResult single = parser.parseOptionalInteger(count);
  if (single.has_value()) {
    counts = parser.getBuilder().getDenseI64ArrayAttr({count});
    return *single;
  }
  FailureOr<SmallVector<int64_t>> list = parseIntegers(parser);
  if (succeeded(list))
    counts = parser.getBuilder().getDenseI64ArrayAttr(*list);
  return success(succeeded(list));
}

void costate::printCounts(AsmPrinter &printer, Operation *, DenseI64ArrayAttr counts) {
  if (counts.size() == 1)
    printer << counts[0];
  else
    printIntegers(printer, counts.asArrayRef());
}
