// A library without anything to import: it stands in for functions of another one.
