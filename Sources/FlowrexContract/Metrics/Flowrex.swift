/// What Flowrex counts and times: nothing else can be measured, alerted on or drawn.
///
/// Names of the first document are canonical (S17-MET-01 … 07, C-23); what the others call the
/// same thing stands in ``supersededMetrics``. Every label is closed, so the number of series is
/// known before the service starts.
public enum Flowrex {}
