alter table runs add column watch varchar(4000);
