// A library that does nothing, to be loaded in the sandbox.
extern "C" __attribute__((visibility("default"))) const int backplane_probe_library = 1;
