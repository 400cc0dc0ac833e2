/// One option of a command.
struct Option: Sendable {
  /// The long name, then short ones.
  let names: [String]
  let takesValue: Bool
  let help: String

  static func flag(_ names: String..., help: String) -> Option {
    Option(names: names, takesValue: false, help: help)
  }

  static func value(_ names: String..., help: String) -> Option {
    Option(names: names, takesValue: true, help: help)
  }
}

/// What a command was told.
struct ParsedOptions {
  private var values: [String: [String]] = [:]
  /// Everything after the options.
  fileprivate(set) var arguments: [String] = []

  func has(_ name: String) -> Bool { values[name]?.last == "true" }
  subscript(name: String) -> String? { values[name]?.last }
  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// Takes options as Go's `flag` does: one dash or two, `=value` or the next argument; the first argument that is none ends them.
  init(_ text: [String], _ options: [Option]) throws(UsageError) {
    var rest = text[...]
    while let word = rest.first, word.hasPrefix("-"), word != "-" {
      rest.removeFirst()
      if word == "--" { break }
      let body = word.dropFirst(word.hasPrefix("--") ? 2 : 1)
      let name = String(body.prefix { $0 != "=" })
      guard let option = options.first(where: { $0.names.contains(name) }) else {
        throw UsageError("flag provided but not defined: -\(name)")
      }
      values[option.names[0], default: []].append(try Self.value(of: option, name, body, &rest))
    }
    arguments = Array(rest)
  }

  private static func value(
    of option: Option, _ name: String, _ body: Substring, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    let given = body.count > name.count ? String(body.dropFirst(name.count + 1)) : nil
    if option.takesValue {
      guard let value = given ?? rest.popFirst() else { throw UsageError("flag needs an argument: -\(name)") }
      return value
    }
    switch given {
    case nil, "true", "TRUE", "True", "t", "T", "1": return "true"
    case "false", "FALSE", "False", "f", "F", "0": return "false"
    case let value?: throw UsageError("invalid boolean value \"\(value)\" for -\(name)")
    }
  }
}

/// A command line that nobody can make sense of.
struct UsageError: Error, Equatable {
  let message: String
  init(_ message: String) { self.message = message }
}
