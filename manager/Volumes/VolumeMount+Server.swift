internal import LinuxKernel

/// File systems that another machine has. The kernel wants its address: names are for whoever mounts to resolve.
extension VolumeMount {
  private static let address = "addr="

  private var isSMB: Bool { type == "cifs" || type == "smb3" }

  /// The name whose address has to be found before this is mounted; `nil`: there is none.
  var server: String? {
    guard isSMB || type == "nfs" || type == "nfs4" else { return nil }
    guard let host = givenServer ?? (isSMB ? serverOfShare : nil), !host.isEmpty else { return nil }
    // An address of IPv6 may have a zone, too.
    return host.contains(":") || IPv4Address(host) != nil ? nil : host
  }

  /// The same with `address`, in place of a name that it was given.
  /// - Throws: ``VolumeError/invalid(_:)`` if the kernel would not take all of that.
  func reaching(_ address: String) throws(VolumeError) -> VolumeMount {
    var options = data.split(separator: ",").map(String.init)
    let option = Self.address + address
    if let index = options.firstIndex(where: isAddress) { options[index] = option } else { options.append(option) }
    var mount = self
    mount.data = options.joined(separator: ",")
    try mount.checkText()
    return mount
  }

  private var givenServer: String? {
    data.split(separator: ",").map(String.init).first(where: isAddress)
      .flatMap { option in option.firstIndex(of: "=").map { String(option[option.index(after: $0)...]) } }
  }

  /// Of SMB's options `ip` is another word for it.
  private func isAddress(_ option: String) -> Bool {
    option.hasPrefix(Self.address) || isSMB && option.hasPrefix("ip=")
  }

  /// `//server/share`. It keeps the name, by which the server may know itself.
  private var serverOfShare: String? {
    guard device.hasPrefix("//") || device.hasPrefix("\\\\") else { return nil }
    return String(device.dropFirst(2).prefix { $0 != "/" && $0 != "\\" })
  }
}
