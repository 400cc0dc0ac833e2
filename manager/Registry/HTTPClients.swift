internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The clients that requests go out by: one that speaks to everybody itself, and one for each proxy.
final class HTTPClients: Sendable {
  private let proxies: ProxySettings
  private let patience: Duration
  private let direct: HTTPClient
  private let proxied = Mutex<[ProxySettings.Proxy: HTTPClient]>([:])

  init(proxies: ProxySettings, patience: Duration) {
    self.proxies = proxies
    self.patience = patience
    direct = Self.client(patience, through: nil)
  }

  deinit {
    // They end by themselves: nobody has a request under way any more.
    for client in [direct] + proxied.withLock({ Array($0.values) }) { _ = client.shutdown() }
  }

  func client(for origin: WebAddress.Origin) -> HTTPClient {
    guard let proxy = proxies.proxy(for: origin) else { return direct }
    return proxied.withLock { clients in
      if let client = clients[proxy] { return client }
      let client = Self.client(patience, through: proxy)
      clients[proxy] = client
      return client
    }
  }

  private static func client(_ patience: Duration, through proxy: ProxySettings.Proxy?) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    let silence = TimeAmount.nanoseconds(patience.nanoseconds)
    configuration.timeout = HTTPClient.Configuration.Timeout(
      connect: min(.seconds(30), silence), read: silence, write: silence)
    // Whether to try again is decided by what failed.
    configuration.connectionPool.retryConnectionEstablishment = false
    if let proxy {
      let authorization: HTTPClient.Authorization? =
        proxy.username.isEmpty ? nil : .basic(username: proxy.username, password: proxy.password)
      configuration.proxy = .server(host: proxy.host, port: proxy.port, authorization: authorization)
    }
    return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
  }
}
