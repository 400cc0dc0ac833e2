internal import LinuxKernel
internal import Registry

/// What the daemon's command line and its environment say of registries.
struct RegistryOptions {
  var insecure: [String]
  var mirrors: [String]
  var folders: [String]
  /// Nil: what the environment says.
  var httpProxy: String?
  var httpsProxy: String?
  var noProxy: String?

  /// - Throws: ``DaemonError/option(_:_:)``
  func places() throws -> RegistryPlaces {
    for folder in folders where !folder.hasPrefix("/") {
      throw DaemonError.option("--certs-dir", "\"\(folder)\" is not an absolute path")
    }
    let insecure: InsecureRegistries
    do { insecure = try InsecureRegistries(self.insecure) } catch {
      throw DaemonError.option("--insecure-registry", "\(error)")
    }
    do { return try RegistryPlaces(insecure: insecure, mirrors: mirrors, folders: folders) } catch {
      throw DaemonError.option("--registry-mirror", "\(error)")
    }
  }

  /// - Throws: ``DaemonError/option(_:_:)``
  func proxies() throws -> ProxySettings {
    let http = httpProxy ?? Self.variable("HTTP_PROXY")
    let https = httpsProxy ?? Self.variable("HTTPS_PROXY")
    do { return try ProxySettings(http: http, https: https, none: noProxy ?? Self.variable("NO_PROXY")) } catch {
      throw DaemonError.option("--http-proxy, --https-proxy", "\(error)")
    }
  }

  /// In capitals or not, as curl reads it; empty if it is not there.
  private static func variable(_ name: String) -> String {
    Machine.variable(name) ?? Machine.variable(name.lowercased()) ?? ""
  }
}
