internal import Glibc

/// The environment of a process in a container, and what this one's says about descriptors.
enum Environment {
  /// How many descriptors systemd's socket activation has handed over to this process, `sd_listen_fds(3)`.
  ///
  /// Only if `LISTEN_PID` names this process: a variable that was inherited says nothing about its descriptors, and a
  /// container must not get them.
  static var listenDescriptors: Int32 {
    guard let owner = getenv("LISTEN_PID"), Int32(String(cString: owner)) == getpid() else { return 0 }
    guard let text = getenv("LISTEN_FDS") else { return 0 }
    return max(0, min(Int32(String(cString: text)) ?? 0, 1024))
  }

  /// The variables of `given`, the last one of a name counting, and `HOME` if it is missing or empty.
  /// - Parameter listening: how many descriptors of socket activation the process gets.
  static func variables(_ given: [String], listening: Int32 = 0, home: () -> String) -> [String] {
    var variables: [String] = []
    var places: [Substring: Int] = [:]
    for variable in given {
      let name = variable.prefix { $0 != "=" }
      if let place = places[name] {
        variables[place] = variable
      } else {
        places[name] = variables.count
        variables.append(variable)
      }
    }
    if let place = places["HOME"] {
      if variables[place] == "HOME=" || variables[place] == "HOME" { variables[place] = "HOME=\(home())" }
    } else {
      variables.append("HOME=\(home())")
    }
    if listening > 0 { variables += ["LISTEN_FDS=\(listening)", "LISTEN_PID=1"] }
    return variables
  }

  /// The value of `name` among `variables`.
  static func value(of name: String, in variables: [String]) -> Substring? {
    for variable in variables where variable.hasPrefix("\(name)=") { return variable.dropFirst(name.utf8.count + 1) }
    return nil
  }
}
