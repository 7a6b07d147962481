// The loss of a recurrent network of $l layers of long short-term memory with diagonal weights, which predicts the next of $c
// characters of $b bits: the mean over steps and bits of -gold (prediction - log(2 + sum exp prediction)). Differentiated by
// the weights and biases of the layers' gates and by those of input and output.

func.func private @sigmoid(%x: tensor<${b}xf64>) -> tensor<${b}xf64> {
  %one = arith.constant dense<1.0> : tensor<${b}xf64>
  %m = arith.negf %x : tensor<${b}xf64>
  %e = math.exp %m : tensor<${b}xf64>
  %d = arith.addf %e, %one : tensor<${b}xf64>
  %y = arith.divf %one, %d : tensor<${b}xf64>
  return %y : tensor<${b}xf64>
}

// input or hidden state, times a row of weights, plus a row of biases; the layer's eight rows follow one another
func.func private @gate(%x: tensor<${b}xf64>, %main: tensor<${layers8}x${b}xf64>, %first: index, %which: index) -> tensor<${b}xf64> {
  %four = arith.constant 4 : index
  %weight_row = arith.addi %first, %which : index
  %bias_row = arith.addi %weight_row, %four : index
  %weight = tensor.extract_slice %main[%weight_row, 0] [1, $b] [1, 1] : tensor<${layers8}x${b}xf64> to tensor<${b}xf64>
  %bias = tensor.extract_slice %main[%bias_row, 0] [1, $b] [1, 1] : tensor<${layers8}x${b}xf64> to tensor<${b}xf64>
  %product = arith.mulf %x, %weight : tensor<${b}xf64>
  %y = arith.addf %product, %bias : tensor<${b}xf64>
  return %y : tensor<${b}xf64>
}

func.func private @loss(%main: tensor<${layers8}x${b}xf64>, %extra: tensor<3x${b}xf64>, %state: tensor<${layers2}x${b}xf64>,
                        %sequence: tensor<${c}x${b}xf64>) -> f64 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c8 = arith.constant 8 : index
  %l = arith.constant $l : index
  %steps = arith.constant $steps : index
  %zero = arith.constant 0.0 : f64
  %sum_of_none = arith.constant dense<0.0> : tensor<f64>
  %two = arith.constant 2.0 : f64
  %factor = arith.constant $factor : f64
  %in_weight = tensor.extract_slice %extra[0, 0] [1, $b] [1, 1] : tensor<3x${b}xf64> to tensor<${b}xf64>
  %out_weight = tensor.extract_slice %extra[1, 0] [1, $b] [1, 1] : tensor<3x${b}xf64> to tensor<${b}xf64>
  %out_bias = tensor.extract_slice %extra[2, 0] [1, $b] [1, 1] : tensor<3x${b}xf64> to tensor<${b}xf64>
  %end:2 = scf.for %t = %c0 to %steps step %c1 iter_args(%s = %state, %total = %zero) -> (tensor<${layers2}x${b}xf64>, f64) {
    %character = tensor.extract_slice %sequence[%t, 0] [1, $b] [1, 1] : tensor<${c}x${b}xf64> to tensor<${b}xf64>
    %input = arith.mulf %character, %in_weight : tensor<${b}xf64>
    %layers:2 = scf.for %i = %c0 to %l step %c1 iter_args(%r = %s, %x = %input) -> (tensor<${layers2}x${b}xf64>, tensor<${b}xf64>) {
      %first = arith.muli %i, %c8 : index
      %hidden_row = arith.muli %i, %c2 : index
      %cell_row = arith.addi %hidden_row, %c1 : index
      %hidden = tensor.extract_slice %r[%hidden_row, 0] [1, $b] [1, 1] : tensor<${layers2}x${b}xf64> to tensor<${b}xf64>
      %cell = tensor.extract_slice %r[%cell_row, 0] [1, $b] [1, 1] : tensor<${layers2}x${b}xf64> to tensor<${b}xf64>
      %f = func.call @gate(%x, %main, %first, %c0) : (tensor<${b}xf64>, tensor<${layers8}x${b}xf64>, index, index) -> tensor<${b}xf64>
      %g = func.call @gate(%hidden, %main, %first, %c1) : (tensor<${b}xf64>, tensor<${layers8}x${b}xf64>, index, index) -> tensor<${b}xf64>
      %o = func.call @gate(%x, %main, %first, %c2) : (tensor<${b}xf64>, tensor<${layers8}x${b}xf64>, index, index) -> tensor<${b}xf64>
      %h = func.call @gate(%hidden, %main, %first, %c3) : (tensor<${b}xf64>, tensor<${layers8}x${b}xf64>, index, index) -> tensor<${b}xf64>
      %forget = func.call @sigmoid(%f) : (tensor<${b}xf64>) -> tensor<${b}xf64>
      %ingate = func.call @sigmoid(%g) : (tensor<${b}xf64>) -> tensor<${b}xf64>
      %outgate = func.call @sigmoid(%o) : (tensor<${b}xf64>) -> tensor<${b}xf64>
      %change = math.tanh %h : tensor<${b}xf64>
      %kept = arith.mulf %cell, %forget : tensor<${b}xf64>
      %taken = arith.mulf %ingate, %change : tensor<${b}xf64>
      %new_cell = arith.addf %kept, %taken : tensor<${b}xf64>
      %shown = math.tanh %new_cell : tensor<${b}xf64>
      %new_hidden = arith.mulf %outgate, %shown : tensor<${b}xf64>
      %r1 = tensor.insert_slice %new_hidden into %r[%hidden_row, 0] [1, $b] [1, 1] : tensor<${b}xf64> into tensor<${layers2}x${b}xf64>
      %r2 = tensor.insert_slice %new_cell into %r1[%cell_row, 0] [1, $b] [1, 1] : tensor<${b}xf64> into tensor<${layers2}x${b}xf64>
      scf.yield %r2, %new_hidden : tensor<${layers2}x${b}xf64>, tensor<${b}xf64>
    }
    %weighted = arith.mulf %layers#1, %out_weight : tensor<${b}xf64>
    %prediction = arith.addf %weighted, %out_bias : tensor<${b}xf64>
    %powers = math.exp %prediction : tensor<${b}xf64>
    %sum = linalg.reduce { arith.addf } ins(%powers : tensor<${b}xf64>) outs(%sum_of_none : tensor<f64>) dimensions = [0]
    %s0 = tensor.extract %sum[] : tensor<f64>
    %s2 = arith.addf %s0, %two : f64
    %log = math.log %s2 : f64
    %logs = tensor.splat %log : tensor<${b}xf64>
    %normalized = arith.subf %prediction, %logs : tensor<${b}xf64>
    %next = arith.addi %t, %c1 : index
    %gold = tensor.extract_slice %sequence[%next, 0] [1, $b] [1, 1] : tensor<${c}x${b}xf64> to tensor<${b}xf64>
    %dot = linalg.dot ins(%gold, %normalized : tensor<${b}xf64>, tensor<${b}xf64>) outs(%sum_of_none : tensor<f64>) -> tensor<f64>
    %d = tensor.extract %dot[] : tensor<f64>
    %more = arith.addf %total, %d : f64
    scf.yield %layers#0, %more : tensor<${layers2}x${b}xf64>, f64
  }
  %y = arith.mulf %end#1, %factor : f64
  return %y : f64
}
costate.derive @loss_gradient = gradient @loss wrt [0, 1]

func.func @objective(%main: tensor<${layers8}x${b}xf64>, %extra: tensor<3x${b}xf64>, %state: tensor<${layers2}x${b}xf64>,
                     %sequence: tensor<${c}x${b}xf64>) -> f64 {
  %y = func.call @loss(%main, %extra, %state, %sequence) : (tensor<${layers8}x${b}xf64>, tensor<3x${b}xf64>, tensor<${layers2}x${b}xf64>, tensor<${c}x${b}xf64>) -> f64
  return %y : f64
}

func.func @jacobian(%main: tensor<${layers8}x${b}xf64>, %extra: tensor<3x${b}xf64>, %state: tensor<${layers2}x${b}xf64>,
                    %sequence: tensor<${c}x${b}xf64>) -> (tensor<${layers8}x${b}xf64>, tensor<3x${b}xf64>) {
  %y, %dm, %de = costate.call @loss_gradient(%main, %extra, %state, %sequence) : (tensor<${layers8}x${b}xf64>, tensor<3x${b}xf64>, tensor<${layers2}x${b}xf64>, tensor<${c}x${b}xf64>) -> (f64, tensor<${layers8}x${b}xf64>, tensor<3x${b}xf64>)
  return %dm, %de : tensor<${layers8}x${b}xf64>, tensor<3x${b}xf64>
}
