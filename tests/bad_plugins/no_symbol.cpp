// A shared object that is no plugin: the entry has another name.
extern "C" __attribute__((visibility("default"))) const int backplane_plugin_entrance;
const int backplane_plugin_entrance = 1;
