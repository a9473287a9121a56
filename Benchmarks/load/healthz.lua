-- The least that a request can be: what the HTTP server alone costs.
function request()
    return wrk.format("GET", "/healthz")
end
