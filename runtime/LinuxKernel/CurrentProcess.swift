internal import CLinux
internal import Glibc

/// The process that runs this code.
public enum CurrentProcess {
  public static var pid: Int32 { getpid() }

  public static var effectiveUID: UInt32 { geteuid() }

  public static var effectiveGID: UInt32 { getegid() }

  /// The name that this program was called by, and its arguments.
  public static var arguments: [String] { strings(proa_arguments()) }

  /// The variables that this process was given, `NAME=value` each.
  package static var environment: [String] { strings(proa_environment()) }

  private static func strings(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
    var (strings, next) = ([String](), list)
    while let string = next?.pointee {
      strings.append(String(cString: string))
      next = next?.successor()
    }
    return strings
  }

  /// Ends the process at once; nothing is cleaned up.
  public static func exit(_ code: Int32) -> Never { _exit(code) }

  public static func setUmask(_ mask: UInt32) { umask(mask) }

  public static func changeDirectory(_ path: String) throws(SyscallError) { try check("chdir", path) { chdir(path) } }

  /// `path` from the root, without symbolic links.
  public static func resolve(_ path: String) throws(SyscallError) -> String {
    guard let resolved = realpath(path, nil) else {
      throw SyscallError("realpath", path, errno: .init(rawValue: errno))
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Writes a line to standard error. If that is closed there is nobody to tell.
  public static func complain(_ message: String) {
    let line = Array("\(message)\n".utf8)
    _ = write(2, line, line.count)
  }

  /// Closes every descriptor above 2.
  public static func closeInherited() throws(SyscallError) { try check("close_range") { proa_close_from(3) } }

  /// Makes a copy of this process. Only for a process with one thread.
  /// - Returns: the child's id in the parent, `nil` in the child.
  public static func fork() throws(SyscallError) -> Int32? {
    let pid = try check("fork") { proa_fork() }
    return pid == 0 ? nil : pid
  }

  /// Makes one of the three standard descriptors stand for the file that `descriptor` is.
  public static func redirect(_ standard: Int32, to descriptor: borrowing FileDescriptor) throws(SyscallError) {
    let number = descriptor.number
    try check("dup2") { dup2(number, standard) }
  }

  /// Gives the kernel back what can be had again: free heap, unused stack, and the pages of the program's code, which come
  /// from its file when they run again. Only for a process with one thread that is about to idle.
  public static func releaseMemory() { proa_release_memory() }
}
