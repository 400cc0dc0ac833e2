@_exported public import CLibrary
@_exported public import CLinux

// What the toolchain's module Glibc adds to the C library's headers: macros that Swift does not import, or not with their
// type.

public var errno: Int32 {
  get { __errno_location().pointee }
  set { __errno_location().pointee = newValue }
}

public var S_IFMT: mode_t { 0o170000 }
public var S_IFSOCK: mode_t { 0o140000 }
public var S_IFLNK: mode_t { 0o120000 }
public var S_IFREG: mode_t { 0o100000 }
public var S_IFBLK: mode_t { 0o060000 }
public var S_IFDIR: mode_t { 0o040000 }
public var S_IFCHR: mode_t { 0o020000 }
public var S_IFIFO: mode_t { 0o010000 }

public var SIG_DFL: sighandler_t? { nil }
public var SIG_IGN: sighandler_t { unsafeBitCast(1, to: sighandler_t.self) }

/// What `Double(_: String)` calls, which full Swift's runtime library has. The locale is always C's here: nothing sets another.
/// - Returns: what follows the number, or `nil` if there is none.
@c(_swift_stdlib_strtod_clocale)
public func parseNumber(_ text: UnsafePointer<CChar>, _ number: UnsafeMutablePointer<Double>) -> UnsafePointer<CChar>? {
  var end: UnsafeMutablePointer<CChar>?
  number.pointee = strtod(text, &end)
  return end.flatMap { $0 == text ? nil : UnsafePointer($0) }
}

/// What seeds the hash functions of `Set` and `Dictionary`; not every C library has it.
@c(arc4random_buf)
public func fillRandomly(_ buffer: UnsafeMutableRawPointer, _ count: Int) {
  var filled = 0
  while filled < count {
    let more = getrandom(buffer + filled, count - filled, 0)
    if more > 0 { filled += more } else if errno != EINTR { abort() }
  }
}
