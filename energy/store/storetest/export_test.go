package storetest

// DropClusters removes what killed processes left.
func DropClusters() error { return dropClusters() }
