//===- NumberAssembly.cpp - How numbers and initialisers are written --------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Assembly.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace costate;

//===------------------------------------------------------------------------------------------------------===//
// Numbers
//===------------------------------------------------------------------------------------------------------===//

/// A number without a sign.
static FailureOr<double> parseMagnitude(AsmParser &parser) {
  SMLoc loc = parser.getCurrentLocation();
  double value;
  APInt integer;
  if (OptionalParseResult result = parser.parseOptionalInteger(integer); result.has_value()) {
    if (failed(*result))
      return failure();
    value = integer.roundToDouble(/*isSigned=*/true);
  } else if (failed(parser.parseFloat(value))) {
    return failure();
  }
  if (std::isinf(value))
    return parser.emitError(loc) << "this number is larger than any of f64";
  if (value == 0) {
    StringRef digits =
        StringRef(loc.getPointer()).take_while([](char c) { return llvm::isDigit(c) || c == '.'; });
    if (digits.find_first_of("123456789") != StringRef::npos)
      return parser.emitError(loc) << "this number is not zero, but smaller than any of f64";
  }
  return value;
}

FailureOr<Real> costate::parseReal(AsmParser &parser) {
  bool negative = succeeded(parser.parseOptionalMinus());
  FailureOr<double> value = parseMagnitude(parser);
  if (failed(value))
    return failure();
  return Real(negative ? -*value : *value);
}

void costate::printReal(AsmPrinter &printer, double value) {
  if (std::isinf(value)) {
    printer << (value < 0 ? "-inf" : "inf");
    return;
  }
  // The fewest digits that read back as the same number, and a point, which the lexer requires.
  SmallString<32> text;
  for (int digits = 6; digits <= 17; ++digits) {
    text.clear();
    llvm::raw_svector_ostream(text) << llvm::format("%.*g", digits, value);
    double back;
    if (!StringRef(text).getAsDouble(back) && back == value)
      break;
  }
  auto [mantissa, exponent] = StringRef(text).split('e');
  printer << mantissa << (mantissa.contains('.') ? "" : ".0");
  if (!exponent.empty())
    printer << 'e' << exponent;
}

FailureOr<SmallVector<Real>> costate::parseReals(AsmParser &parser) {
  SmallVector<Real> values;
  auto element = [&]() -> ParseResult {
    FailureOr<Real> value = parseReal(parser);
    if (succeeded(value))
      values.push_back(*value);
    return success(succeeded(value));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, element))
    return failure();
  return values;
}

void costate::printReals(AsmPrinter &printer, ArrayRef<Real> values) {
  printer << '[';
  llvm::interleaveComma(values, printer, [&](Real value) { printReal(printer, value); });
  printer << ']';
}

FailureOr<SmallVector<int64_t>> costate::parseIntegers(AsmParser &parser) {
  SmallVector<int64_t> values;
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
        return parser.parseInteger(values.emplace_back());
      }))
    return failure();
  return values;
}

void costate::printIntegers(AsmPrinter &printer, ArrayRef<int64_t> values) {
  printer << '[';
  llvm::interleaveComma(values, printer);
  printer << ']';
}

ParseResult costate::parseNumber(AsmParser &parser, FloatAttr &number) {
  FailureOr<Real> value = parseReal(parser);
  if (failed(value))
    return failure();
  number = parser.getBuilder().getF64FloatAttr(*value);
  return success();
}

void costate::printNumber(AsmPrinter &printer, Operation *, FloatAttr number) {
  printReal(printer, number.getValueAsDouble());
}

ParseResult costate::parseWhole(AsmParser &parser, IntegerAttr &number) {
  SMLoc loc = parser.getCurrentLocation();
  APInt value;
  OptionalParseResult result = parser.parseOptionalInteger(value);
  if (!result.has_value())
    return parser.emitError(loc) << "expected a whole number";
  if (failed(*result))
    return failure();
  if (value.getSignificantBits() > 64)
    return parser.emitError(loc) << "this number does not fit 64 bits with a sign";
  number = parser.getBuilder().getI64IntegerAttr(value.sextOrTrunc(64).getSExtValue());
  return success();
}

void costate::printWhole(AsmPrinter &printer, Operation *, IntegerAttr number) { printer << number.getInt(); }

ParseResult costate::parseSeed(AsmParser &parser, IntegerAttr &seed) {
  SMLoc loc = parser.getCurrentLocation();
  APInt value;
  OptionalParseResult result = parser.parseOptionalInteger(value);
  if (!result.has_value() || failed(*result) || value.isNegative() || value.getActiveBits() > 64)
    return parser.emitError(loc) << "expected a seed, a whole number from 0 to 18446744073709551615";
  seed = parser.getBuilder().getI64IntegerAttr(value.zextOrTrunc(64).getZExtValue());
  return success();
}

void costate::printSeed(AsmPrinter &printer, Operation *, IntegerAttr seed) {
  printer << seed.getValue().getZExtValue();
}

ParseResult costate::parseBounds(AsmParser &parser, FloatAttr &lower, FloatAttr &upper) {
  // Only here is infinity a number.
  auto parseBound = [&](FloatAttr &bound) -> ParseResult {
    bool negative = succeeded(parser.parseOptionalMinus());
    FailureOr<double> value = succeeded(parser.parseOptionalKeyword("inf"))
                                  ? FailureOr<double>(std::numeric_limits<double>::infinity())
                                  : parseMagnitude(parser);
    if (failed(value))
      return failure();
    bound = parser.getBuilder().getF64FloatAttr(negative ? -*value : *value);
    return success();
  };
  return failure(parser.parseLSquare() || parseBound(lower) || parser.parseComma() || parseBound(upper) ||
                 parser.parseRSquare());
}

void costate::printBounds(AsmPrinter &printer, Operation *op, FloatAttr lower, FloatAttr upper) {
  printReals(printer, {Real(lower.getValueAsDouble()), Real(upper.getValueAsDouble())});
}

//===------------------------------------------------------------------------------------------------------===//
// Initialisers
//===------------------------------------------------------------------------------------------------------===//

ParseResult costate::parseInitializer(AsmParser &parser, InitializerAttr &init) {
  auto finish = [&](InitializerKind kind, ArrayRef<Real> arguments) -> ParseResult {
    init = InitializerAttr::getChecked([&] { return parser.emitError(parser.getNameLoc()); },
                                       parser.getContext(), kind, arguments);
    return success(init != nullptr);
  };
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  if (failed(parser.parseOptionalKeyword(&keyword))) {
    // A list of numbers, or one.
    SmallVector<Real> values;
    if (succeeded(parser.parseOptionalLSquare())) {
      auto element = [&]() -> ParseResult {
        FailureOr<Real> value = parseReal(parser);
        if (succeeded(value))
          values.push_back(*value);
        return success(succeeded(value));
      };
      if (parser.parseCommaSeparatedList(element) || parser.parseRSquare())
        return failure();
      return finish(InitializerKind::values, values);
    }
    FailureOr<Real> value = parseReal(parser);
    if (failed(value))
      return failure();
    return finish(InitializerKind::constant, {*value});
  }
  std::optional<InitializerKind> kind = symbolizeInitializerKind(keyword);
  if (!kind)
    return parser.emitError(loc)
           << "'" << keyword
           << "' is not an initialiser; there are zeros, constant, normal, uniform, "
              "glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_normal and values";
  SmallVector<Real> arguments;
  auto element = [&]() -> ParseResult {
    FailureOr<Real> value = parseReal(parser);
    if (succeeded(value))
      arguments.push_back(*value);
    return success(succeeded(value));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalLessGreater, element))
    return failure();
  return finish(*kind, arguments);
}

void costate::printInitializer(AsmPrinter &printer, Operation *, InitializerAttr init) {
  if (init.getKind() == InitializerKind::constant) {
    printReal(printer, init.getArguments().front());
    return;
  }
  if (init.getKind() == InitializerKind::values) {
    printReals(printer, init.getArguments());
    return;
  }
  printer << stringifyInitializerKind(init.getKind());
  if (init.getArguments().empty())
    return;
  printer << '<';
  llvm::interleaveComma(init.getArguments(), printer, [&](Real value) { printReal(printer, value); });
  printer << '>';
}
