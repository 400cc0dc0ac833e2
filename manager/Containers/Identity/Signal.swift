/// A signal by its number on this machine, 1 to 64.
public struct Signal: Hashable, Sendable {
  public let number: Int32

  /// `nil` if there is no such signal.
  public init?(number: Int32) {
    guard (1...64).contains(number) else { return nil }
    self.number = number
  }

  private init(known number: Int32) { self.number = number }

  public static let kill = Signal(known: 9)
  public static let terminate = Signal(known: 15)

  /// Reads `15`, `TERM`, `SIGTERM` or `SIGRTMIN+3`, in either case.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's message.
  public init(_ text: String) throws(ContainerError) {
    let name = text.uppercased()
    let bare = name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name
    guard let number = Int32(bare) ?? Self.numbers[bare] ?? Self.realTime(bare), let signal = Signal(number: number)
    else { throw .invalid("Invalid signal: \(text)") }
    self = signal
  }

  private static func realTime(_ name: String) -> Int32? {
    if name == "RTMIN" { return 34 }
    if name == "RTMAX" { return 64 }
    if name.hasPrefix("RTMIN+"), let step = Int32(name.dropFirst(6)), (1...30).contains(step) { return 34 + step }
    if name.hasPrefix("RTMAX-"), let step = Int32(name.dropFirst(6)), (1...30).contains(step) { return 64 - step }
    return nil
  }

  private static let numbers: [String: Int32] = [
    "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "IOT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10,
    "SEGV": 11, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "STKFLT": 16, "CHLD": 17, "CLD": 17, "CONT": 18,
    "STOP": 19, "TSTP": 20, "TTIN": 21, "TTOU": 22, "URG": 23, "XCPU": 24, "XFSZ": 25, "VTALRM": 26, "PROF": 27,
    "WINCH": 28, "IO": 29, "POLL": 29, "PWR": 30, "SYS": 31,
  ]
}
