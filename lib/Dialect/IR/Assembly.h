//===- Assembly.h - Custom pieces of assembly that ops share ----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_IR_ASSEMBLY_H
#define COSTATE_LIB_DIALECT_IR_ASSEMBLY_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/IR/OpImplementation.h"

namespace costate {

mlir::FailureOr<llvm::SmallVector<int64_t>> parseIntegers(mlir::AsmParser &parser);
void printIntegers(mlir::AsmPrinter &printer, llvm::ArrayRef<int64_t> values);

/// `[[dimension, side], ...]`, flat in memory.
mlir::ParseResult parseFaces(mlir::AsmParser &parser, llvm::SmallVector<int64_t> &faces);
void printFaces(mlir::AsmPrinter &printer, llvm::ArrayRef<int64_t> faces);

/// `1.0`, or `1`.
mlir::ParseResult parseNumber(mlir::AsmParser &parser, mlir::FloatAttr &number);
void printNumber(mlir::AsmPrinter &printer, mlir::Operation *, mlir::FloatAttr number);

/// A whole number of 64 bits with a sign.
mlir::ParseResult parseWhole(mlir::AsmParser &parser, mlir::IntegerAttr &number);
void printWhole(mlir::AsmPrinter &printer, mlir::Operation *, mlir::IntegerAttr number);

/// A whole number of 64 bits without a sign.
mlir::ParseResult parseSeed(mlir::AsmParser &parser, mlir::IntegerAttr &seed);
void printSeed(mlir::AsmPrinter &printer, mlir::Operation *, mlir::IntegerAttr seed);

/// `normal<0.0, 0.1>`, `zeros`, `0.5` for a constant, `[0.1, 0.2]` for values.
mlir::ParseResult parseInitializer(mlir::AsmParser &parser, InitializerAttr &init);
void printInitializer(mlir::AsmPrinter &printer, mlir::Operation *, InitializerAttr init);

/// `[0.0, 1.0]`.
mlir::ParseResult parseBounds(mlir::AsmParser &parser, mlir::FloatAttr &lower, mlir::FloatAttr &upper);
void printBounds(mlir::AsmPrinter &printer, mlir::Operation *, mlir::FloatAttr lower, mlir::FloatAttr upper);

/// `%x[0, 0], %t[0]`.
mlir::ParseResult parsePartials(mlir::OpAsmParser &parser,
                                llvm::SmallVectorImpl<mlir::OpAsmParser::UnresolvedOperand> &inputs,
                                mlir::ArrayAttr &indices);
void printPartials(mlir::OpAsmPrinter &printer, mlir::Operation *, mlir::OperandRange inputs,
                   mlir::ArrayAttr indices);

/// `(x: tensor<1xf64>, y: tensor<1xf64>)`.
mlir::ParseResult parseColumns(mlir::AsmParser &parser, mlir::ArrayAttr &names, mlir::ArrayAttr &types);
void printColumns(mlir::AsmPrinter &printer, mlir::Operation *, mlir::ArrayAttr names, mlir::ArrayAttr types);

/// `in box<...>`, `on faces<...>`.
mlir::ParseResult parseRegion(mlir::AsmParser &parser, mlir::Attribute &region);
void printRegion(mlir::AsmPrinter &printer, mlir::Operation *, mlir::Attribute region);

/// `100`, or `[10, 20]`.
mlir::ParseResult parseCounts(mlir::AsmParser &parser, mlir::DenseI64ArrayAttr &counts);
void printCounts(mlir::AsmPrinter &printer, mlir::Operation *, mlir::DenseI64ArrayAttr counts);

/// `@f(x, style)`.
mlir::ParseResult parseApplication(mlir::AsmParser &parser, mlir::FlatSymbolRefAttr &callee,
                                   mlir::ArrayAttr &columns);
void printApplication(mlir::AsmPrinter &printer, mlir::Operation *, mlir::FlatSymbolRefAttr callee,
                      mlir::ArrayAttr columns);

/// `y`, or `0.5`.
mlir::ParseResult parseColumnOrNumber(mlir::AsmParser &parser, mlir::Attribute &value);
void printColumnOrNumber(mlir::AsmPrinter &printer, mlir::Operation *, mlir::Attribute value);

/// `==`, `<=`, `>=`.
mlir::ParseResult parseRelation(mlir::AsmParser &parser, RelationAttr &relation);
void printRelation(mlir::AsmPrinter &printer, mlir::Operation *, RelationAttr relation);

/// `square(@f(x) - y)` and what else `costate.minimize` describes.
mlir::ParseResult parseLoss(mlir::AsmParser &parser, LossKindAttr &loss, mlir::FloatAttr &delta,
                            mlir::FlatSymbolRefAttr &lossFunction, mlir::FlatSymbolRefAttr &callee,
                            mlir::ArrayAttr &columns, mlir::Attribute &target);
void printLoss(mlir::AsmPrinter &printer, mlir::Operation *, LossKindAttr loss, mlir::FloatAttr delta,
               mlir::FlatSymbolRefAttr lossFunction, mlir::FlatSymbolRefAttr callee, mlir::ArrayAttr columns,
               mlir::Attribute target);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_IR_ASSEMBLY_H
