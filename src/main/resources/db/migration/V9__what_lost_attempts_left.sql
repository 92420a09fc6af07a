alter table attempts add column left_outputs varchar(1000000);
