// A set of data is read from the file that the program names, where the run gives none; what the run gives comes first.
// RUN: costatec %s -o %t && rm -rf %t.dir && mkdir %t.dir && cd %t.dir
// RUN: printf "x,y\n0,1\n1,3\n2,5\n" > line.csv
// RUN: printf "x,y\n0,1\n1,2\n2,6\n" > bent.csv
// RUN: %t train --run-dir named --quiet --require 'fit<=1e-12'
// RUN: %t train --run-dir given --quiet --data points=bent.csv --require 'fit>=0.1'

costate.network @line(%x: tensor<1xf64>) -> tensor<1xf64> {
  %u = costate.dense %x -> 1 : tensor<1xf64> -> tensor<1xf64>
  costate.yield %u : tensor<1xf64>
}

costate.problem @fits {
  costate.data @points (x: tensor<1xf64>, y: tensor<1xf64>) file "line.csv"
  costate.minimize "fit" square(@line(x) - y) over @points
  costate.train by #costate.gradient_descent<lr = 0.2> steps 1000
}
