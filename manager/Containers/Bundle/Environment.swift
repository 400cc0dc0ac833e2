/// The variables of a container's processes.
enum Environment {
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words for a variable without a name.
  static func check(_ variables: [String]) throws(ContainerError) {
    for item in variables where item.isEmpty || item.hasPrefix("=") {
      throw .invalid("invalid environment variable: \(item)")
    }
  }

  static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// Those of init: Docker's defaults, and what links tell, under what image and request say. `HOME` is the runtime's business: it
  /// knows the user.
  static func container(
    _ configured: [String], hostname: String, terminal: Bool, linked: [String] = []
  ) -> [String] {
    replacing([path, "HOSTNAME=\(hostname)"] + (terminal ? ["TERM=xterm"] : []) + linked, with: configured)
  }

  /// `base` with every variable of `overrides` in place of its namesake, or at the end; a name without `=` removes.
  static func replacing(_ base: [String], with overrides: [String]) -> [String] {
    var result = base
    for item in overrides {
      let name = item.prefix { $0 != "=" }
      let index = result.firstIndex { $0.prefix { $0 != "=" } == name }
      if item.contains("=") {
        if let index { result[index] = item } else { result.append(item) }
      } else if let index {
        result.remove(at: index)
      }
    }
    return result
  }
}
