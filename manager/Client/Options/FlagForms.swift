/// Rewrites Docker's forms of flags into those that ArgumentParser reads: `-eA=b` is `-e A=b`, `--rm=false` is nothing.
/// What stands after the image or the container is not touched.
enum FlagForms {
  private static let commands: Set<String> = ["run", "create", "exec"]
  /// Flags of those commands that take no value.
  static let booleans: Set<String> = [
    "--detach", "--help", "--init", "--interactive", "--oom-kill-disable", "--privileged", "--publish-all", "--quiet",
    "--read-only", "--rm", "--tty",
  ]
  static let shortBooleans: Set<Character> = ["d", "i", "P", "q", "t"]

  /// - Parameter arguments: the command's name and what follows it.
  /// - Throws: ``ClientError/usage(_:)`` for a boolean that is neither true nor false.
  static func normalize(_ arguments: [String]) throws(ClientError) -> [String] {
    guard let command = arguments.first, commands.contains(command) else { return arguments }
    var result = [command]
    var rest = arguments.dropFirst()
    while let flag = rest.first, flag.hasPrefix("-"), flag.count > 1, flag != "--" {
      rest = rest.dropFirst()
      let takesNext = flag.hasPrefix("--") ? try long(flag, &result) : short(flag, &result)
      if takesNext, let value = rest.popFirst() { result.append(value) }
    }
    return result + rest
  }

  /// - Returns: whether the next argument is this one's value.
  private static func long(_ flag: String, _ result: inout [String]) throws(ClientError) -> Bool {
    let parts = flag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard booleans.contains(String(parts[0])) else {
      result.append(flag)
      return parts.count == 1
    }
    let holds = parts.count == 1 ? true : try boolean(parts[1], flag)
    if holds { result.append(String(parts[0])) }
    return false
  }

  /// A cluster `-itd`, of which the last one may take a value: `-ite A=b`, `-iteA=b`.
  private static func short(_ cluster: String, _ result: inout [String]) -> Bool {
    var letters = cluster.dropFirst()
    while let letter = letters.popFirst() {
      result.append("-\(letter)")
      guard !shortBooleans.contains(letter) else { continue }
      guard !letters.isEmpty else { return true }
      result.append(String(letters.first == "=" ? letters.dropFirst() : letters))
      return false
    }
    return false
  }

  private static func boolean(_ text: Substring, _ flag: String) throws(ClientError) -> Bool {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": return true
    case "0", "f", "F", "false", "FALSE", "False": return false
    default:
      throw .usage("invalid argument \"\(text)\" for \"\(flag.prefix { $0 != "=" })\" flag: must be true or false")
    }
  }
}
