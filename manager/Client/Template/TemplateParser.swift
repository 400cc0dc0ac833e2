/// Makes the tree of a template.
struct TemplateParser {
  private var tokens: ArraySlice<TemplateToken>
  private var depth = 0
  private var variables: [Set<String>] = [["$"]]

  /// - Throws: ``TemplateError`` as Go words it.
  static func parse(_ template: String) throws(TemplateError) -> [TemplateNode] {
    var parser = TemplateParser(tokens: try TemplateLexer.tokens(of: template)[...])
    let (nodes, end) = try parser.nodes()
    guard case .end = end else { throw parser.unexpected("{{\(end.word)}}") }
    return nodes
  }

  private init(tokens: ArraySlice<TemplateToken>) { self.tokens = tokens }

  /// What ends a list of nodes.
  private enum End {
    case end, close, otherwise
    case otherwiseBlock(String)

    var word: String {
      switch self {
      case .close: "end"
      default: "else"
      }
    }
  }

  private mutating func nodes() throws(TemplateError) -> ([TemplateNode], End) {
    var nodes: [TemplateNode] = []
    while let token = tokens.popFirst() {
      switch token.kind {
      case .text(let text): nodes.append(.text(text))
      case .open:
        skipSpace()
        if let end = try endOfList() { return (nodes, end) }
        nodes.append(try action())
      default: return (nodes, .end)
      }
    }
    return (nodes, .end)
  }

  private mutating func endOfList() throws(TemplateError) -> End? {
    guard case .identifier(let word)? = tokens.first?.kind, word == "end" || word == "else" else { return nil }
    tokens.removeFirst()
    skipSpace()
    if word == "end" {
      try close("end")
      return .close
    }
    if case .identifier(let block)? = tokens.first?.kind, block == "if" || block == "with" {
      tokens.removeFirst()
      return .otherwiseBlock(block)
    }
    try close("else")
    return .otherwise
  }

  private mutating func action() throws(TemplateError) -> TemplateNode {
    guard case .identifier(let word)? = tokens.first?.kind, ["if", "with", "range"].contains(word) else {
      if case .identifier(let word)? = tokens.first?.kind,
        ["define", "block", "template", "break", "continue"].contains(word)
      {
        throw failure("{{\(word)}} is not supported")
      }
      let pipeline = try pipeline("command")
      try close("command")
      return .output(pipeline)
    }
    tokens.removeFirst()
    return try block(word)
  }

  private mutating func block(_ word: String) throws(TemplateError) -> TemplateNode {
    try enter()
    variables.append([])
    let pipeline = try pipeline(word)
    try close(word)
    let (body, end) = try nodes()
    var otherwise: [TemplateNode] = []
    switch end {
    case .end: throw failure("unexpected EOF")
    case .close: break
    case .otherwise:
      let (rest, last) = try nodes()
      switch last {
      case .end: throw failure("unexpected EOF")
      case .close: otherwise = rest
      default: throw failure("expected end; found {{else}}")
      }
    case .otherwiseBlock(let inner):
      guard inner == word else { throw unexpected("<\(inner)> in else") }
      // Its end is this one's as well.
      otherwise = [try block(inner)]
    }
    variables.removeLast()
    depth -= 1
    switch word {
    case "if": return .condition(pipeline, body, otherwise: otherwise)
    case "with": return .with(pipeline, body, otherwise: otherwise)
    default: return .range(pipeline, body, otherwise: otherwise)
    }
  }

  private mutating func close(_ context: String) throws(TemplateError) {
    skipSpace()
    guard tokens.first?.kind == .close else { throw unexpected(described(tokens.first) + " in \(context)") }
    tokens.removeFirst()
  }
}

// MARK: - Pipelines

extension TemplateParser {
  private mutating func pipeline(_ context: String) throws(TemplateError) -> TemplatePipeline {
    try enter()
    defer { depth -= 1 }
    skipSpace()
    var pipeline = TemplatePipeline(place: place(of: tokens.prefix(1)))
    try declaration(&pipeline, allowsTwo: context == "range")
    repeat {
      skipSpace()
      // A pipe at the end is none.
      if !pipeline.commands.isEmpty, [.close, .symbol(")")].contains(tokens.first?.kind) { break }
      pipeline.commands.append(try command(context))
      skipSpace()
    } while take("|")
    if pipeline.declares { variables[variables.count - 1].formUnion(pipeline.variables) }
    return pipeline
  }

  /// `$x :=`, `$x =`, and `$i, $x :=` of a range.
  private mutating func declaration(_ pipeline: inout TemplatePipeline, allowsTwo: Bool) throws(TemplateError) {
    let before = tokens
    while case .variable(let name)? = tokens.first?.kind {
      tokens.removeFirst()
      skipSpace()
      pipeline.variables.append(name)
      if take(":=") {
        pipeline.declares = true
        return
      }
      if take("=") {
        for name in pipeline.variables where !isKnown(name) { throw failure("undefined variable \"\(name)\"") }
        return
      }
      guard take(",") else { break }
      guard allowsTwo, pipeline.variables.count < 2 else { throw failure("too many declarations in command") }
      skipSpace()
    }
    pipeline.variables = []
    tokens = before
  }

  private mutating func command(_ context: String) throws(TemplateError) -> TemplateCommand {
    let start = tokens
    var terms: [TemplateTerm] = []
    while let next = tokens.first {
      switch next.kind {
      case .space: tokens.removeFirst()
      case .symbol("("), .identifier, .field, .dot, .variable, .string, .number: terms.append(try term())
      case .symbol("|") where terms.isEmpty: throw unexpected("\"|\" in \(context)")
      case .close, .symbol(")"), .symbol("|"):
        guard !terms.isEmpty else { throw failure("missing value for \(context)") }
        return TemplateCommand(terms: terms, place: place(of: start.prefix(start.count - tokens.count)))
      default: throw unexpected(described(next) + " in operand")
      }
    }
    throw failure("unclosed action")
  }

  private mutating func term() throws(TemplateError) -> TemplateTerm {
    let start = tokens
    var operand = try operand()
    var fields: [String] = []
    if case .fields(let base, let names) = operand { (operand, fields) = (base, names) }
    let nameCount = fields.count
    var last = start.prefix(1)
    while case .field(let name)? = tokens.first?.kind {
      guard fields.count < TemplateLimits.depth else { throw failure("too many fields in a chain") }
      if fields.count == nameCount { last = tokens.prefix(1) }
      fields.append(name)
      tokens.removeFirst()
    }
    switch tokens.first?.kind {
    case .space, .close, .symbol(")"), .symbol("|"): break
    default: throw unexpected(described(tokens.first) + " in operand")
    }
    // A chain stands where its first link does, as Go says it.
    let text = place(of: start.prefix(start.count - tokens.count)).text
    let spot = place(of: last)
    return TemplateTerm(
      operand: fields.isEmpty ? operand : .fields(operand, fields),
      place: TemplatePlace(line: spot.line, column: spot.column, text: text))
  }

  private mutating func operand() throws(TemplateError) -> TemplateOperand {
    let token = tokens.removeFirst()
    switch token.kind {
    case .dot: return .dot
    case .field(let name): return .fields(.dot, [name])
    case .string(let text): return .text(text)
    case .number(let text): return .number(text)
    case .variable(let name):
      guard isKnown(name) else { throw failure("undefined variable \"\(name)\"") }
      return .variable(name)
    case .identifier("true"): return .boolean(true)
    case .identifier("false"): return .boolean(false)
    case .identifier("nil"): return .null
    case .identifier(let name):
      guard TemplateFunctions.names.contains(name) else { throw failure("function \"\(name)\" not defined") }
      return .function(name)
    default:
      let inner = try pipeline("parenthesized pipeline")
      guard take(")") else { throw unexpected(described(tokens.first) + " in parenthesized pipeline") }
      return .pipeline(inner)
    }
  }
}

// MARK: - Words

extension TemplateParser {
  private mutating func enter() throws(TemplateError) {
    depth += 1
    guard depth <= TemplateLimits.depth else { throw failure("it is nested too deeply") }
  }

  private mutating func skipSpace() { tokens = tokens.drop { $0.kind == .space } }

  private mutating func take(_ symbol: String) -> Bool {
    guard tokens.first?.kind == .symbol(symbol) else { return false }
    tokens.removeFirst()
    return true
  }

  private func isKnown(_ variable: String) -> Bool { variables.contains { $0.contains(variable) } }

  private func place(of tokens: ArraySlice<TemplateToken>) -> TemplatePlace {
    var text = tokens.map { $0.kind == .space ? " " : $0.source }.joined()
    while text.last == " " { text.removeLast() }
    return TemplatePlace(line: tokens.first?.line ?? 1, column: tokens.first?.column ?? 0, text: text)
  }

  private func failure(_ message: String) -> TemplateError {
    TemplateError(line: tokens.first?.line ?? 1, message)
  }

  private func unexpected(_ what: String) -> TemplateError { failure("unexpected \(what)") }

  private func described(_ token: TemplateToken?) -> String {
    switch token?.kind {
    case nil, .end: "EOF"
    case .identifier(let word) where ["end", "else", "if", "range", "with"].contains(word): "<\(word)>"
    case _?: token.map { GoText.quote($0.source) } ?? ""
    }
  }
}
