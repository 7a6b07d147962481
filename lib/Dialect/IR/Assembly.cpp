//===- Assembly.cpp - Custom pieces of assembly that ops share ------------------------------------------===//
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

//===------------------------------------------------------------------------------------------------------===//
// Derivatives
//===------------------------------------------------------------------------------------------------------===//

ParseResult costate::parsePartials(OpAsmParser &parser,
                                   SmallVectorImpl<OpAsmParser::UnresolvedOperand> &inputs,
                                   ArrayAttr &indices) {
  SmallVector<Attribute> lists;
  auto element = [&]() -> ParseResult {
    if (parser.parseOperand(inputs.emplace_back()))
      return failure();
    FailureOr<SmallVector<int64_t>> list = parseIntegers(parser);
    if (succeeded(list))
      lists.push_back(parser.getBuilder().getDenseI64ArrayAttr(*list));
    return success(succeeded(list));
  };
  if (parser.parseCommaSeparatedList(element))
    return failure();
  indices = parser.getBuilder().getArrayAttr(lists);
  return success();
}

void costate::printPartials(OpAsmPrinter &printer, Operation *, OperandRange inputs, ArrayAttr indices) {
  llvm::interleaveComma(llvm::zip_equal(inputs, indices), printer, [&](auto pair) {
    printer << std::get<0>(pair);
    printIntegers(printer, cast<DenseI64ArrayAttr>(std::get<1>(pair)).asArrayRef());
  });
}

//===------------------------------------------------------------------------------------------------------===//
// Sets
//===------------------------------------------------------------------------------------------------------===//

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

//===------------------------------------------------------------------------------------------------------===//
// Terms and constraints
//===------------------------------------------------------------------------------------------------------===//

static ParseResult parseColumnNames(AsmParser &parser, ArrayAttr &columns) {
  SmallVector<Attribute> names;
  auto element = [&]() -> ParseResult {
    std::string name;
    if (parser.parseKeywordOrString(&name))
      return failure();
    names.push_back(parser.getBuilder().getStringAttr(name));
    return success();
  };
  // The opening parenthesis is read already.
  if (succeeded(parser.parseOptionalRParen())) {
    columns = parser.getBuilder().getArrayAttr({});
    return success();
  }
  if (parser.parseCommaSeparatedList(element) || parser.parseRParen())
    return failure();
  columns = parser.getBuilder().getArrayAttr(names);
  return success();
}

static ParseResult parseSymbol(AsmParser &parser, FlatSymbolRefAttr &symbol) {
  StringAttr name;
  if (parser.parseSymbolName(name))
    return failure();
  symbol = FlatSymbolRefAttr::get(name);
  return success();
}

ParseResult costate::parseApplication(AsmParser &parser, FlatSymbolRefAttr &callee, ArrayAttr &columns) {
  return failure(parseSymbol(parser, callee) || parser.parseLParen() || parseColumnNames(parser, columns));
}

void costate::printApplication(AsmPrinter &printer, Operation *, FlatSymbolRefAttr callee,
                               ArrayAttr columns) {
  printer.printSymbolName(callee.getValue());
  printer << '(';
  llvm::interleaveComma(columns.getAsRange<StringAttr>(), printer,
                        [&](StringAttr name) { printer.printKeywordOrString(name.getValue()); });
  printer << ')';
}

ParseResult costate::parseColumnOrNumber(AsmParser &parser, Attribute &value) {
  std::string name;
  if (succeeded(parser.parseOptionalKeywordOrString(&name))) {
    value = parser.getBuilder().getStringAttr(name);
    return success();
  }
  FloatAttr number;
  if (parseNumber(parser, number))
    return failure();
  value = number;
  return success();
}

void costate::printColumnOrNumber(AsmPrinter &printer, Operation *op, Attribute value) {
  if (auto name = dyn_cast<StringAttr>(value))
    printer.printKeywordOrString(name.getValue());
  else
    printNumber(printer, op, cast<FloatAttr>(value));
}

ParseResult costate::parseRelation(AsmParser &parser, RelationAttr &relation) {
  Relation kind = Relation::equal;
  if (succeeded(parser.parseOptionalLess()))
    kind = Relation::at_most;
  else if (succeeded(parser.parseOptionalGreater()))
    kind = Relation::at_least;
  else if (failed(parser.parseOptionalEqual()))
    return parser.emitError(parser.getCurrentLocation()) << "expected '==', '<=' or '>='";
  relation = RelationAttr::get(parser.getContext(), kind);
  return parser.parseEqual();
}

void costate::printRelation(AsmPrinter &printer, Operation *, RelationAttr relation) {
  static constexpr StringLiteral signs[] = {"==", "<=", ">="};
  printer << signs[static_cast<unsigned>(relation.getValue())];
}

ParseResult costate::parseLoss(AsmParser &parser, LossKindAttr &loss, FloatAttr &delta,
                               FlatSymbolRefAttr &lossFunction, FlatSymbolRefAttr &callee, ArrayAttr &columns,
                               Attribute &target) {
  LossKind kind = LossKind::identity;
  SMLoc loc = parser.getCurrentLocation();
  StringRef keyword;
  if (succeeded(parser.parseOptionalKeyword(&keyword))) {
    std::optional<LossKind> known = symbolizeLossKind(keyword);
    if (!known || *known == LossKind::custom)
      return parser.emitError(loc) << "'" << keyword
                                   << "' is not a loss; there are identity, square, absolute, huber and "
                                      "cross_entropy, and @functions";
    kind = *known;
    if (kind == LossKind::huber &&
        (parser.parseLess() || parseNumber(parser, delta) || parser.parseGreater()))
      return failure();
    if (parser.parseLParen())
      return failure();
  } else {
    // `@f(x)`, or `@loss(@f(x), y)`: what follows the parenthesis tells which.
    FlatSymbolRefAttr first;
    if (parseSymbol(parser, first) || parser.parseLParen())
      return failure();
    StringAttr inner;
    if (failed(parser.parseOptionalSymbolName(inner))) {
      loss = LossKindAttr::get(parser.getContext(), kind);
      callee = first;
      return parseColumnNames(parser, columns);
    }
    kind = LossKind::custom;
    lossFunction = first;
    callee = FlatSymbolRefAttr::get(inner);
    if (parser.parseLParen() || parseColumnNames(parser, columns))
      return failure();
  }
  loss = LossKindAttr::get(parser.getContext(), kind);
  bool isDifference = kind != LossKind::custom && kind != LossKind::cross_entropy;
  if (kind != LossKind::custom && parseApplication(parser, callee, columns))
    return failure();
  ParseResult separator = isDifference ? parser.parseOptionalMinus() : parser.parseOptionalComma();
  if (succeeded(separator) && parseColumnOrNumber(parser, target))
    return failure();
  return parser.parseRParen();
}

void costate::printLoss(AsmPrinter &printer, Operation *op, LossKindAttr loss, FloatAttr delta,
                        FlatSymbolRefAttr lossFunction, FlatSymbolRefAttr callee, ArrayAttr columns,
                        Attribute target) {
  LossKind kind = loss.getValue();
  if (kind == LossKind::identity && !target) {
    printApplication(printer, op, callee, columns);
    return;
  }
  if (kind == LossKind::custom)
    printer.printSymbolName(lossFunction.getValue());
  else
    printer << stringifyLossKind(kind);
  if (kind == LossKind::huber) {
    printer << '<';
    printNumber(printer, op, delta);
    printer << '>';
  }
  printer << '(';
  printApplication(printer, op, callee, columns);
  if (target) {
    printer << (kind == LossKind::custom || kind == LossKind::cross_entropy ? ", " : " - ");
    printColumnOrNumber(printer, op, target);
  }
  printer << ')';
}
