vcl 4.1;
backend apache {
  .host = "127.0.0.1";
  .port = "8081";
  .connect_timeout = 5s;
  .first_byte_timeout = 60s;
}
sub vcl_recv {
  if (req.url == "/cart") { return (pass); }
}
