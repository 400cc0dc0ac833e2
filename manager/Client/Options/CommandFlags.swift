/// The flags and arguments of one command, as Docker's command line reads them. ArgumentParser holds the same flags, for
/// their values and the help; a test keeps the two alike.
struct CommandFlags: Sendable {
  enum Kind: Sendable {
    /// Takes no value but in the form `--rm=false`.
    case boolean
    /// The same; it holds unless something else is said.
    case truth
    case integer
    case text
  }

  struct Flag: Sendable {
    let long: String
    let short: Character?
    let kind: Kind
    /// As Docker names it in a message.
    var name: String { (short.map { "-\($0), " } ?? "") + "--\(long)" }
  }

  /// How many arguments a command takes that are no flags.
  enum Arity: Sendable, Equatable {
    case none
    case exactly(Int)
    case atLeast(Int)
    case atMost(Int)
    case between(Int, Int)
    case any
  }

  /// What follows the command's name in its usage.
  let usage: String
  let arity: Arity
  /// Whether what follows the first argument is the container's, flags included.
  let isPassthrough: Bool
  let flags: [Flag]

  /// - Parameter booleans: names apart by spaces; `a,all` is `-a` and `--all`.
  init(
    _ usage: String, _ arity: Arity, isPassthrough: Bool = false, booleans: String = "", truths: String = "",
    integers: String = "", texts: String = ""
  ) {
    self.usage = usage
    self.arity = arity
    self.isPassthrough = isPassthrough
    flags =
      Self.flags("help", .boolean) + Self.flags(booleans, .boolean) + Self.flags(truths, .truth)
      + Self.flags(integers, .integer) + Self.flags("H,host " + texts, .text)
  }

  private static func flags(_ names: String, _ kind: Kind) -> [Flag] {
    names.split(separator: " ").map { name in
      let parts = name.split(separator: ",")
      return Flag(long: String(parts[parts.count - 1]), short: parts.count > 1 ? parts[0].first : nil, kind: kind)
    }
  }

  func named(_ long: Substring) -> Flag? { flags.first { $0.long == long } }

  func named(_ short: Character) -> Flag? {
    // Docker's `-h` is help where nothing else has this letter.
    flags.first { $0.short == short } ?? (short == "h" ? flags.first { $0.long == "help" } : nil)
  }

  /// What follows a message about a command line. Docker says `See` where arguments are missing.
  func advice(for command: String, _ verb: String = "Run") -> String {
    "\n\nUsage:  proa \(command) \(usage)\n\n\(verb) 'proa \(command) --help' for more information"
  }
}
