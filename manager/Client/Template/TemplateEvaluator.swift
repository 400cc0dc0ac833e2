internal import JSON

/// Carries a template out on one value.
struct TemplateEvaluator {
  private let context: TemplateContext
  private var output = ""
  private var steps = 0
  private var variables: [(name: String, value: TemplateValue)]

  /// - Throws: ``TemplateError`` as Go words it.
  static func run(_ nodes: [TemplateNode], on context: TemplateContext) throws(TemplateError) -> String {
    var evaluator = TemplateEvaluator(context: context)
    try evaluator.walk(nodes, .json(context.value))
    return evaluator.output
  }

  private init(context: TemplateContext) {
    self.context = context
    variables = [("$", .json(context.value))]
  }

  private mutating func walk(_ nodes: [TemplateNode], _ dot: TemplateValue) throws(TemplateError) {
    for node in nodes {
      try step()
      switch node {
      case .text(let text): try write(text)
      case .output(let pipeline):
        let value = try evaluate(pipeline, dot)
        if pipeline.variables.isEmpty { try write(value.printed) }
      case .condition(let pipeline, let body, let otherwise):
        try scoped { evaluator throws(TemplateError) in
          let holds = try evaluator.evaluate(pipeline, dot).isTrue
          try evaluator.walk(holds ? body : otherwise, dot)
        }
      case .with(let pipeline, let body, let otherwise):
        try scoped { evaluator throws(TemplateError) in
          let value = try evaluator.evaluate(pipeline, dot)
          try evaluator.walk(value.isTrue ? body : otherwise, value.isTrue ? value : dot)
        }
      case .range(let pipeline, let body, let otherwise):
        try scoped { evaluator throws(TemplateError) in try evaluator.range(pipeline, body, otherwise, dot) }
      }
    }
  }

  private mutating func range(
    _ pipeline: TemplatePipeline, _ body: [TemplateNode], _ otherwise: [TemplateNode], _ dot: TemplateValue
  ) throws(TemplateError) {
    var plain = pipeline
    plain.variables = []
    let value = try evaluate(plain, dot)
    let elements = try elements(of: value, pipeline.commands.last?.place ?? pipeline.place)
    for (key, element) in elements {
      try step()
      try scoped { evaluator throws(TemplateError) in
        let values = pipeline.variables.count == 2 ? [key, element] : [element]
        for (name, value) in zip(pipeline.variables, values) {
          evaluator.set(name, value, declares: pipeline.declares)
        }
        try evaluator.walk(body, element)
      }
    }
    if elements.isEmpty { try walk(otherwise, dot) }
  }

  private func elements(
    of value: TemplateValue, _ place: TemplatePlace
  ) throws(TemplateError) -> [(TemplateValue, TemplateValue)] {
    switch value {
    case .missing, .json(.null): return []
    case .json(.array(let values)): return values.enumerated().map { (.integer($0.offset), .json($0.element)) }
    case .json(.object(let object)):
      return TemplateValue.sorted(object).map { (.text($0.name), .json($0.value)) }
    case .json(.number(let number)):
      guard let count = Int(number.text), count <= TemplateLimits.steps else { break }
      return (0..<max(0, count)).map { (.integer($0), .integer($0)) }
    default: break
    }
    throw place.failure("range can't iterate over \(value.printed)")
  }

  /// What is declared within does not count after it.
  private mutating func scoped(
    _ body: (inout TemplateEvaluator) throws(TemplateError) -> Void
  ) throws(TemplateError) {
    let count = variables.count
    try body(&self)
    variables.removeSubrange(count...)
  }

  private mutating func set(_ name: String, _ value: TemplateValue, declares: Bool) {
    if !declares, let index = variables.lastIndex(where: { $0.name == name }) {
      variables[index].value = value
    } else {
      variables.append((name, value))
    }
  }

  private mutating func step() throws(TemplateError) {
    steps += 1
    guard steps <= TemplateLimits.steps else { throw TemplateError("the template takes too many steps") }
  }

  private mutating func write(_ text: String) throws(TemplateError) {
    output += text
    guard output.utf8.count <= TemplateLimits.output else {
      throw TemplateError("the template's output is longer than \(TemplateLimits.output) bytes")
    }
  }
}

// MARK: - Values

extension TemplateEvaluator {
  private mutating func evaluate(
    _ pipeline: TemplatePipeline, _ dot: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    var value: TemplateValue?
    for command in pipeline.commands { value = try evaluate(command, dot, last: value) }
    let result = value ?? .missing
    for name in pipeline.variables { set(name, result, declares: pipeline.declares) }
    return result
  }

  private mutating func evaluate(
    _ command: TemplateCommand, _ dot: TemplateValue, last: TemplateValue?
  ) throws(TemplateError) -> TemplateValue {
    try step()
    let first = command.terms[0]
    if case .function(let name) = first.operand { return try call(name, command, dot, last) }
    if case .fields(let base, ["Label"]) = first.operand, context.typeName != nil, isRoot(base) {
      return try label(command, dot, last)
    }
    let value = try evaluate(first, dot)
    guard command.terms.count == 1, last == nil else {
      if case .fields(_, let names) = first.operand {
        throw first.place.failure("\(names[names.count - 1]) is not a method but has arguments")
      }
      throw first.place.failure("can't give argument to non-function \(first.place.text)")
    }
    return value
  }

  /// `and` and `or` stop where the answer is known.
  private mutating func call(
    _ name: String, _ command: TemplateCommand, _ dot: TemplateValue, _ last: TemplateValue?
  ) throws(TemplateError) -> TemplateValue {
    var arguments: [TemplateValue] = []
    for term in command.terms.dropFirst() {
      let value = try evaluate(term, dot)
      if (name == "and" && !value.isTrue) || (name == "or" && value.isTrue) { return value }
      arguments.append(value)
    }
    if let last { arguments.append(last) }
    do {
      return try TemplateFunctions.call(name, arguments, isHeading: context.isHeading)
    } catch {
      guard let culprit = error.culprit else {
        throw command.place.failure("error calling \(name): \(error.message)")
      }
      let term = command.terms[min(culprit, command.terms.count - 1)]
      throw term.place.failure(
        Self.literal(term.operand).map { "expected \(error.wanted); found \($0)" } ?? error.message)
    }
  }

  private mutating func label(
    _ command: TemplateCommand, _ dot: TemplateValue, _ last: TemplateValue?
  ) throws(TemplateError) -> TemplateValue {
    var arguments: [TemplateValue] = []
    for term in command.terms.dropFirst() { arguments.append(try evaluate(term, dot)) }
    if let last { arguments.append(last) }
    guard arguments.count == 1, case .json(.string(let name)) = arguments[0] else {
      throw command.terms[0].place.failure("wrong number of args for Label: want 1 got \(arguments.count)")
    }
    return .text(context.isHeading ? name : context.labels[name] ?? "")
  }

  private func isRoot(_ operand: TemplateOperand) -> Bool {
    switch operand {
    case .dot, .variable("$"): true
    default: false
    }
  }

  private mutating func evaluate(_ term: TemplateTerm, _ dot: TemplateValue) throws(TemplateError) -> TemplateValue {
    try evaluate(term.operand, term.place, dot)
  }

  private mutating func evaluate(
    _ operand: TemplateOperand, _ place: TemplatePlace, _ dot: TemplateValue
  ) throws(TemplateError) -> TemplateValue {
    switch operand {
    case .dot: return dot
    case .variable(let name): return variables.last { $0.name == name }?.value ?? .missing
    case .text(let text): return .text(text)
    case .boolean(let value): return .bool(value)
    case .null: throw place.failure("nil is not a command")
    case .number(let text): return number(text)
    case .pipeline(let pipeline): return try evaluate(pipeline, dot)
    case .function(let name):
      return try call(
        name, TemplateCommand(terms: [TemplateTerm(operand: operand, place: place)], place: place), dot, nil)
    case .fields(let base, let names):
      var value = try evaluate(base, place, dot)
      for name in names { value = try field(name, of: value, place) }
      return value
    }
  }

  private static func literal(_ operand: TemplateOperand) -> String? {
    switch operand {
    case .number(let text): text
    case .text(let text): GoText.quote(text)
    case .boolean(let value): "\(value)"
    default: nil
    }
  }

  private func number(_ text: String) -> TemplateValue {
    if let integer = Int(text) { return .integer(integer) }
    return .json(.number(JSONNumber(Double(text) ?? 0)))
  }

  private func field(
    _ name: String, of value: TemplateValue, _ place: TemplatePlace
  ) throws(TemplateError) -> TemplateValue {
    switch value {
    case .json(.object(let object)):
      if let member = TemplateContext.member(name, of: object) { return .json(member) }
      if let type = context.typeName, value == .json(context.value) {
        throw place.failure("can't evaluate field \(name) in type \(type)")
      }
      throw place.failure("map has no entry for key \(GoText.quote(name))")
    case .missing, .json(.null):
      throw place.failure("nil data; no entry for key \(GoText.quote(name))")
    default: throw place.failure("can't evaluate field \(name) in type interface {}")
    }
  }
}
