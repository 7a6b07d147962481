//===- TermAssembly.cpp - How terms, constraints and derivatives are written ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Assembly.h"

using namespace mlir;
using namespace costate;

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
