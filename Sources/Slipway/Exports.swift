// An environment file imports `Slipway` and its contract, nothing else.
@_exported public import ServiceContract
