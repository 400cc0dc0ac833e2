/// Signals as people write them: `KILL`, `SIGKILL`, `9`, `RTMIN+3`.
enum SignalName {
  private static let names = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
    "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
    "PWR", "SYS",
  ]
  private static let aliases: [String: Int32] = ["IOT": 6, "CLD": 17, "POLL": 29]

  /// `nil` for what is no signal.
  static func number(of text: String) -> Int32? {
    if let number = Int32(text) { return (0...64).contains(number) ? number : nil }
    let upper = text.uppercased()
    let name = upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
    if let index = names.firstIndex(of: name) { return Int32(index + 1) }
    return aliases[name] ?? realTime(name)
  }

  /// The C library keeps 32 and 33 for itself.
  private static func realTime(_ name: String) -> Int32? {
    if name == "RTMIN" { return 34 }
    if name == "RTMAX" { return 64 }
    if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) { return 34 + offset }
    if name.hasPrefix("RTMAX-"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) { return 64 - offset }
    return nil
  }
}
