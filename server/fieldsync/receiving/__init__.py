"""What a phone offers, on its way from the wire to receipt, verdict and ledger."""
