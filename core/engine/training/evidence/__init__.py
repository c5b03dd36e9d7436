"""What a run leaves for whoever judges its model, gathered while its network is at hand."""
