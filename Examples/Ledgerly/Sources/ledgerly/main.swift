import Slipway
import SlipwayCommand

SlipwayMain.run(
  Project(
    "Ledgerly", contract: .ledgerly, registry: "registry.example.com/ledgerly",
    home: "https://git.example.com/ledgerly"),
  [AnyEnvironment(production)], command: "swift run ledgerly generate")
