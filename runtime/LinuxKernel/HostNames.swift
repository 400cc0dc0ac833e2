internal import CLinux
internal import Glibc

/// What belongs to the uts and network namespaces of this process.
package enum HostNames {
  package static func setHostname(_ name: String) throws(SyscallError) {
    try check("sethostname", name) { sethostname(name, name.utf8.count) }
  }

  package static func setDomainname(_ name: String) throws(SyscallError) {
    try check("setdomainname", name) { setdomainname(name, name.utf8.count) }
  }

  /// Brings the loopback interface up.
  package static func raiseLoopback() throws(SyscallError) {
    try check("ioctl SIOCSIFFLAGS", "lo") { proa_interface_up("lo") }
  }
}
