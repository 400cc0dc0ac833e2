/// The inside of one family's table: sets, maps and chains, without elements.
struct RulesetTable {
  let family: RuleFamily

  var text: String { [sets, maps, publishing, translation, filters].joined(separator: "\n") }

  private var ip: String { family.rawValue }

  private var sets: String {
    MemberSet.allCases.map { set in
      """
        set \(set.rawValue) {
          type \(set.type(in: family))
        }
      """
    }.joined(separator: "\n")
  }

  private var maps: String {
    """
      map ports {
        type \(family.addressType) . inet_proto . inet_service : \(family.addressType) . inet_service
      }
      map any_address_ports {
        type inet_proto . inet_service : \(family.addressType) . inet_service
      }
      set open_ports {
        type \(family.addressType) . inet_proto . inet_service
      }
    """
  }

  private var publishing: String {
    """
      chain publish {
        dnat \(ip) to \(ip) daddr . meta l4proto . th dport map @ports
        dnat \(ip) to meta l4proto . th dport map @any_address_ports
      }
      chain prerouting {
        type nat hook prerouting priority -100; policy accept;
        meta l4proto { tcp, udp, sctp } fib daddr type local goto publish
      }
      chain output {
        type nat hook output priority -100; policy accept;
        meta l4proto { tcp, udp, sctp } fib daddr type local goto publish
      }
    """
  }

  /// The second rule is for 127.0.0.1:port from the host, the third for a container that uses a published port, which may be of its own
  /// network: the answer would else go to the asker directly, and from an address that it did not ask.
  private var translation: String {
    """
      chain postrouting {
        type nat hook postrouting priority 100; policy accept;
        \(ip) saddr @masqueraded oifname != @bridges masquerade
        \(ip) saddr \(family.loopback) oifname @bridges masquerade
        \(ip) saddr @subnets oifname @bridges ct status dnat masquerade
      }
    """
  }

  /// `martians` is what makes `route_localnet` on the bridges safe (CVE-2020-8558): without it a neighbour, or a container, could reach what
  /// listens on the host's 127.0.0.1 or is published there. It stands before connection tracking, so that answers, which are still
  /// addressed to the bridge there, pass.
  private var filters: String {
    """
      chain martians {
        type filter hook prerouting priority -300; policy accept;
        iifname != "lo" \(ip) daddr \(family.loopback) drop
        iifname != "lo" \(ip) saddr \(family.loopback) drop
      }
      chain forward {
        type filter hook forward priority 0; policy accept;
        iifname . oifname @neighbours accept
        iifname @internal_bridges drop
        oifname @internal_bridges drop
        oifname @bridges ct state established,related accept
        oifname @bridges ct status dnat accept
        oifname @routed meta l4proto \(family.messages) accept
        oifname @routed \(ip) daddr . meta l4proto . th dport @open_ports accept
        iifname != @bridges oifname @unprotected accept
        oifname @bridges drop
      }
    """
  }
}
