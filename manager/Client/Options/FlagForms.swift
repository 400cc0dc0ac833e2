/// Reads Docker's forms of flags and gives those that ArgumentParser reads: `-eA=b` is `-e=A=b`, `--rm=false` is nothing.
/// What is wrong is said in Docker's words; what stands after the image or the container is not touched.
struct FlagForms {
  private let command: String
  private let known: CommandFlags
  private var rest: ArraySlice<String>
  /// The last word on each boolean.
  private var booleans: [(flag: CommandFlags.Flag, holds: Bool)] = []
  private var values: [String] = []
  private var words: [String] = []

  /// - Parameter arguments: the command's name and what follows it.
  /// - Throws: ``ClientError/usage(_:)`` for a flag that is not there, lacks its value or has one that is none;
  ///   ``ClientError/tooFewArguments(_:)`` for another number of arguments.
  static func normalize(_ arguments: [String]) throws(ClientError) -> [String] {
    guard let command = arguments.first, let known = CommandFlags.all[command] else { return arguments }
    var forms = FlagForms(command: command, known: known, rest: arguments.dropFirst())
    return try forms.read()
  }

  private init(command: String, known: CommandFlags, rest: ArraySlice<String>) {
    (self.command, self.known, self.rest) = (command, known, rest)
  }

  private mutating func read() throws(ClientError) -> [String] {
    while let word = rest.popFirst() {
      if word == "--" {
        words += rest
        break
      } else if word.hasPrefix("--") {
        try long(word.dropFirst(2))
      } else if word.hasPrefix("-"), word != "-" {
        try cluster(word.dropFirst())
      } else {
        words.append(word)
        guard !known.isPassthrough else {
          words += rest
          break
        }
      }
    }
    if booleans.contains(where: { $0.flag.long == "help" && $0.holds }) { return [command, "--help"] }
    try checkArity()
    let ends = !known.isPassthrough && words.contains { $0.hasPrefix("-") }
    return [command] + booleans.compactMap(Self.form) + values + (ends ? ["--"] : []) + words
  }

  private static func form(_ flag: CommandFlags.Flag, _ holds: Bool) -> String? {
    if flag.kind == .truth { return "--\(flag.long)=\(holds)" }
    return holds ? "--\(flag.long)" : nil
  }

  /// `--name`, `--name=value`, `--name value`.
  private mutating func long(_ text: Substring) throws(ClientError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty else { throw usage("bad flag syntax: --\(text)") }
    guard let flag = known.named(name) else { throw usage("unknown flag: --\(name)") }
    if parts.count > 1 { return try set(flag, String(parts[1])) }
    if flag.kind == .boolean || flag.kind == .truth { return try set(flag, "true") }
    guard let value = rest.popFirst() else { throw usage("flag needs an argument: --\(name)") }
    try set(flag, value)
  }

  /// `-itd`, of which the last one may take a value: `-ite A=b`, `-iteA=b`.
  private mutating func cluster(_ text: Substring) throws(ClientError) {
    var letters = text
    while let letter = letters.first {
      let whole = letters
      letters = letters.dropFirst()
      guard let flag = known.named(letter) else { throw usage("unknown shorthand flag: '\(letter)' in -\(whole)") }
      if letters.first == "=" { return try set(flag, String(letters.dropFirst())) }
      if flag.kind == .boolean || flag.kind == .truth {
        try set(flag, "true")
        continue
      }
      if !letters.isEmpty { return try set(flag, String(letters)) }
      guard let value = rest.popFirst() else { throw usage("flag needs an argument: '\(letter)' in -\(whole)") }
      return try set(flag, value)
    }
  }

  private mutating func set(_ flag: CommandFlags.Flag, _ value: String) throws(ClientError) {
    switch flag.kind {
    case .boolean, .truth:
      guard let holds = Self.boolean(value) else { throw invalid(flag, value, "ParseBool") }
      booleans.removeAll { $0.flag.long == flag.long }
      booleans.append((flag, holds))
    case .integer:
      guard let number = Int64(value) else { throw invalid(flag, value, "ParseInt") }
      values.append("--\(flag.long)=\(number)")
    case .text where value.isEmpty: values += ["--\(flag.long)", ""]
    case .text: values.append("--\(flag.long)=\(value)")
    }
  }

  private static func boolean(_ text: String) -> Bool? {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }
}

// MARK: - Errors

extension FlagForms {
  private func invalid(_ flag: CommandFlags.Flag, _ value: String, _ parser: String) -> ClientError {
    let value = GoText.quote(value)
    return usage(
      "invalid argument \(value) for \"\(flag.name)\" flag: strconv.\(parser): parsing \(value): invalid syntax")
  }

  private func usage(_ message: String) -> ClientError { .usage(message + known.advice(for: command)) }

  private func checkArity() throws(ClientError) {
    let (fits, wanted, verb): (Bool, String, String) =
      switch known.arity {
      case .none: (words.isEmpty, "accepts no arguments", "Run")
      case .exactly(let count): (words.count == count, "requires \(Self.arguments(count))", "Run")
      case .atLeast(let count): (words.count >= count, "requires at least \(Self.arguments(count))", "See")
      case .atMost(let count): (words.count <= count, "requires at most \(Self.arguments(count))", "Run")
      case .between(let first, let last):
        (
          (first...last).contains(words.count), "requires at least \(first) and at most \(Self.arguments(last))", "Run"
        )
      case .any: (true, "", "")
      }
    guard !fits else { return }
    throw .tooFewArguments("proa: 'proa \(command)' \(wanted)" + known.advice(for: command, verb))
  }

  private static func arguments(_ count: Int) -> String { count == 1 ? "1 argument" : "\(count) arguments" }
}
