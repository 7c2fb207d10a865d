"""One file per device library: the only place that imports one."""
