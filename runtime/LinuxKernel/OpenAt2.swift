internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// How `openat2(2)` walks a path, combined.
  public struct ResolveOptions: OptionSet, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// `RESOLVE_NO_XDEV`: never onto another mount.
    public static let noMountCrossing = ResolveOptions(rawValue: 0x01)
    /// `RESOLVE_NO_MAGICLINKS`: never through a link of procfs.
    public static let noMagicLinks = ResolveOptions(rawValue: 0x02)
    /// `RESOLVE_NO_SYMLINKS`: through no symbolic link at all; `ELOOP` where there is one.
    public static let noSymbolicLinks = ResolveOptions(rawValue: 0x04)
    /// `RESOLVE_BENEATH`: never out of the directory; `EXDEV` where the path tries to.
    public static let beneath = ResolveOptions(rawValue: 0x08)
    /// `RESOLVE_IN_ROOT`: the directory is the root: `..` and absolute links stay inside, as after `chroot`.
    public static let inRoot = ResolveOptions(rawValue: 0x10)
  }

  /// Opens `path` as seen from the directory that this descriptor holds, close-on-exec, resolved under `resolve`.
  ///
  /// A rename elsewhere during the walk makes the kernel answer `EAGAIN`; it is asked again some times before that is thrown.
  public func open(
    at path: String, _ options: OpenOptions = .readOnly, mode: UInt32 = 0, resolve: ResolveOptions
  ) throws(SyscallError) -> FileDescriptor {
    try openResolved(path, options, mode: mode, resolve: resolve)
  }

  /// The same for a path that need not be UTF-8: a null-terminated string, or an array that ends in 0.
  package func openResolved(
    _ path: UnsafePointer<CChar>, _ options: OpenOptions, mode: UInt32 = 0, resolve: ResolveOptions
  ) throws(SyscallError) -> FileDescriptor {
    // openat2 refuses a mode where nothing can be created, which openat ignores.
    let mode = options.contains(.create) ? UInt64(mode) : 0
    let flags = UInt64(UInt32(bitPattern: options.rawValue | O_CLOEXEC))
    var attempts = 32
    while true {
      do throws(SyscallError) {
        let number = try check("openat2", String(cString: path)) {
          proa_openat2(self.number, path, flags, mode, resolve.rawValue)
        }
        return FileDescriptor(owning: number)
      } catch {
        attempts -= 1
        guard error.errno == .wouldBlock, attempts > 0 else { throw error }
      }
    }
  }
}
